// Package trace gives the lines of the log that belong together one ID: all that
// is done for one page carries the same, from the request to the picture.
package trace

import (
	"context"
	"crypto/rand"
	"log/slog"
)

type key struct{}

// Start returns a context under which every line of the log carries a new ID.
func Start(ctx context.Context) context.Context { return With(ctx, rand.Text()) }

// With returns a context under which every line of the log carries an ID that was
// had from ID before. An empty one is none.
func With(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, key{}, id)
}

// ID returns the ID that the lines of the log carry under a context, or empty.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Handler returns a handler that adds the ID of the context, as "trace", to every
// line of another.
func Handler(h slog.Handler) slog.Handler { return handler{h} }

type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if id := ID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("trace", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
