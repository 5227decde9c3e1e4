package world

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// misdeed is what a page does that misbehaves.
type misdeed struct {
	name      string
	forbidden bool // robots.txt forbids it: nobody is to ask for it
	endless   bool // how long the answer takes is ours to end, so its end in the log says nothing
	retry     time.Duration
	answer    func(w http.ResponseWriter, r *http.Request, p *page)
}

// misdeeds are all of them. canary is the port of the service that nobody is to
// reach.
func misdeeds(canary string) []misdeed { //nolint:funlen // a table
	list := []misdeed{
		{name: "forbidden", forbidden: true, answer: serveHTML},
		{name: "endless body", endless: true, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) {
			forever(w, strings.Repeat("江水东流。", 4000), 0)
		}},
		{name: "dripping body", endless: true, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) { forever(w, "滴", 20*time.Millisecond) }},
		{name: "dripping head", endless: true, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) { dripHead(w) }},
		{name: "silence", endless: true, answer: func(_ http.ResponseWriter, r *http.Request, _ *page) { <-r.Context().Done() }},
		{name: "slow", answer: func(w http.ResponseWriter, r *http.Request, p *page) {
			time.Sleep(200 * time.Millisecond)
			serveHTML(w, r, p)
		}},
		{name: "redirect to itself", answer: func(w http.ResponseWriter, _ *http.Request, p *page) { redirect(w, p.url()) }},
		{name: "redirects in a circle", answer: func(w http.ResponseWriter, r *http.Request, p *page) {
			to := p.url() + "?b"
			if r.URL.RawQuery == "b" {
				to = p.url()
			}
			redirect(w, to)
		}},
		{name: "redirects without end", answer: func(w http.ResponseWriter, r *http.Request, p *page) {
			redirect(w, fmt.Sprintf("%s?n=%d", p.url(), len(r.URL.RawQuery)+1))
		}},
		{name: "torn body", endless: true, answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			w.Header().Set("Content-Length", "1000000")
			_, _ = io.WriteString(w, p.html())
		}},
		{name: "hangs up", endless: true, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) { hangUp(w) }},
		{name: "deep nesting", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			_, _ = io.WriteString(w, p.html()+strings.Repeat("<div><b>", 50_000))
		}},
		{name: "giant attribute", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			_, _ = io.WriteString(w, `<div data-x="`+strings.Repeat("<p>&amp;", 100_000)+`">`+p.html())
		}},
		{name: "many attributes", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			_, _ = io.WriteString(w, "<div "+strings.Repeat("a ", 400_000)+">"+p.html())
		}},
		{name: "a picture as a page", answer: func(w http.ResponseWriter, _ *http.Request, _ *page) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "\xff\xd8\xff\xe0\x00\x10JFIF"+strings.Repeat("\x9a\x00\xc3<", 20_000))
		}},
		{name: "a page as a picture", answer: func(w http.ResponseWriter, r *http.Request, p *page) {
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = io.WriteString(w, p.html())
		}},
		{name: "a lying character set", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			_, _ = io.WriteString(w, p.html())
		}},
		{name: "a lying coding", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, p.html())
		}},
		{name: "an unknown coding", answer: func(w http.ResponseWriter, _ *http.Request, p *page) {
			w.Header().Set("Content-Encoding", "compress")
			_, _ = io.WriteString(w, p.html())
		}},
	}
	for _, status := range []int{403, 404, 410, 500, 502} {
		list = append(list, misdeed{name: strconv.Itoa(status), answer: func(w http.ResponseWriter, _ *http.Request, _ *page) { w.WriteHeader(status) }})
	}
	for _, status := range []int{429, 503} {
		list = append(list, misdeed{name: fmt.Sprintf("%d, come back", status), retry: time.Second, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(status)
		}})
	}
	for _, to := range []string{
		"http://127.0.0.2:" + canary + "/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
		"http://[::1]/", "http://[::ffff:127.0.0.2]:" + canary + "/", "http://[2002:7f00:2::]:" + canary + "/", "http://[64:ff9b::7f00:2]:" + canary + "/", "http://[fd00::1]/", "http://[fe80::1]/",
		"http://localhost/", "http://0x7f.0.0.2:" + canary + "/", "http://2130706434:" + canary + "/", "http://8.8.8.8:22/", "http://8.8.8.8:6379/", "file:///etc/passwd", "ftp://www.site00.example/",
		"http://user:secret@www.site00.example/",
	} {
		list = append(list, misdeed{name: "leads to " + to, answer: func(w http.ResponseWriter, _ *http.Request, _ *page) { redirect(w, to) }})
	}
	zeros := make([]byte, 32<<20)
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "gzip, gzip", "gzip, br"} {
		bomb := encode(coding, zeros)
		list = append(list, misdeed{name: coding + " bomb", answer: func(w http.ResponseWriter, _ *http.Request, _ *page) {
			w.Header().Set("Content-Encoding", coding)
			_, _ = w.Write(bomb)
		}})
	}
	return list
}

func serveHTML(w http.ResponseWriter, _ *http.Request, p *page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, p.html())
}

func redirect(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusFound)
}

// forever writes until nobody reads.
func forever(w http.ResponseWriter, text string, pause time.Duration) {
	control := http.NewResponseController(w)
	for {
		if _, err := io.WriteString(w, text); err != nil || control.Flush() != nil {
			return
		}
		time.Sleep(pause)
	}
}

func dripHead(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close() //nolint:errcheck // the other side is gone
	for _, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX: "); err == nil; _, err = io.WriteString(conn, "x") {
		time.Sleep(20 * time.Millisecond)
	}
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// encode applies codings in the order of a header.
func encode(codings string, body []byte) []byte {
	for coding := range strings.SplitSeq(codings, ", ") {
		var b bytes.Buffer
		var z io.WriteCloser
		switch coding {
		case "gzip":
			z = gzip.NewWriter(&b)
		case "deflate":
			z = zlib.NewWriter(&b)
		case "br":
			z = brotli.NewWriterLevel(&b, 1)
		case "zstd":
			encoder, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
			if err != nil {
				return nil
			}
			z = encoder
		}
		if _, err := z.Write(body); err != nil || z.Close() != nil {
			return nil
		}
		body = b.Bytes()
	}
	return body
}
