package browser

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	wallTime = 5 * time.Second // for one connection
	wallHead = 16 << 10        // of its request
)

// wall is the proxy of the browser: it refuses every request.
type wall struct {
	net.Listener
	log *slog.Logger
}

func newWall(ctx context.Context, log *slog.Logger) (*wall, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wall{Listener: l, log: log}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // it was closed
			}
			go w.refuse(ctx, conn)
		}
	}()
	return w, nil
}

// port is where it listens on 127.0.0.1.
func (w *wall) port() string {
	_, port, _ := net.SplitHostPort(w.Addr().String()) // it is of both parts
	return port
}

func (w *wall) refuse(ctx context.Context, conn net.Conn) {
	defer conn.Close() //nolint:errcheck // nothing was sent that matters
	if conn.SetDeadline(time.Now().Add(wallTime)) != nil {
		return
	}
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(conn, wallHead)))
	if err != nil {
		return
	}
	w.log.LogAttrs(ctx, slog.LevelDebug, "the browser was refused a way out", slog.String("method", r.Method), slog.String("target", r.RequestURI))
	_, _ = io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}
