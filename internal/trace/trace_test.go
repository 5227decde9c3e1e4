package trace_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"rightsdesk/internal/trace"
)

func TestHandler(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(trace.Handler(slog.NewTextHandler(&out, nil))).With(slog.String("source", "s1"))
	first, second := trace.Start(t.Context()), trace.Start(t.Context())
	if trace.ID(first) == "" || trace.ID(first) == trace.ID(second) || trace.ID(t.Context()) != "" {
		t.Fatalf("IDs %q and %q; %q without one", trace.ID(first), trace.ID(second), trace.ID(t.Context()))
	}
	log.InfoContext(first, "fetched")
	log.InfoContext(trace.With(t.Context(), trace.ID(first)), "drawn")
	log.InfoContext(second, "fetched")
	log.InfoContext(trace.With(t.Context(), ""), "none")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{" source=s1 trace=" + trace.ID(first), " source=s1 trace=" + trace.ID(first), " source=s1 trace=" + trace.ID(second), "msg=none source=s1"} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("line %d is %q, want its end %q", i, lines[i], want)
		}
	}
}
