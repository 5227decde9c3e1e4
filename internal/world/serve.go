package world

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// hit is a request as the server saw it.
type hit struct {
	host, path string
	start, end time.Time
	status     int // zero: the connection was taken over
	misdeed    misdeed
}

// server serves every site by its host name, and keeps the log.
type server struct {
	sites map[string]*site

	mu   sync.Mutex
	hits []hit
}

// ServeHTTP answers and logs.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := hit{host: r.Host, path: r.URL.RequestURI(), start: time.Now()}
	seen := &status{ResponseWriter: w}
	defer func() {
		h.end, h.status = time.Now(), seen.code
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hits = append(s.hits, h)
	}()
	site, ok := s.sites[r.Host]
	if !ok {
		http.NotFound(seen, r)
		return
	}
	if p := site.page(r.URL.Path); p != nil {
		h.misdeed = p.misdeed
		p.serve(seen, r)
		return
	}
	site.serve(seen, r)
}

// status remembers the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader is part of http.ResponseWriter.
func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Write is part of http.ResponseWriter.
func (s *status) Write(p []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(p)
}

// Unwrap lets a response controller reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// page finds a page by the number at the end of its path.
func (s *site) page(path string) *page {
	name := strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".html")
	n, err := strconv.Atoi(name)
	if err != nil {
		return nil
	}
	if at := n - firstNumber; at >= 0 && at < len(s.pages) && s.pages[at].path() == path {
		return &s.pages[at]
	}
	return nil
}

// serve answers with the page. The honest ones differ as honest sites do: in
// character set, in coding, and in whether they say so.
func (p *page) serve(w http.ResponseWriter, r *http.Request) {
	if p.kind == bad {
		p.answer(w, r, p)
		return
	}
	body, kind := []byte(p.html()), "text/html; charset=utf-8"
	switch p.number % 5 {
	case 1: // GBK, as its meta element says
		text := strings.Replace(string(body), "<head>", `<head><meta charset="gbk">`, 1)
		if gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text)); err == nil {
			body, kind = gbk, "text/html"
		}
	case 2:
		w.Header().Set("Content-Encoding", "gzip")
		body = encode("gzip", body)
	case 3: // UTF-8 that nobody declares
		kind = "text/html"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
}

// serve answers with what a site has beside its pages.
func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	half := len(s.pages) / 2
	switch r.URL.Path {
	case "/robots.txt":
		_, _ = io.WriteString(w, s.robots())
	case "/list/":
		_, _ = io.WriteString(w, s.list())
	case "/feed.xml":
		_, _ = io.WriteString(w, s.feed())
	case "/sitemap.xml":
		_, _ = io.WriteString(w, s.sitemapIndex("/sitemap.xml", "/more.xml", "/1.xml.gz"))
	case "/more.xml":
		_, _ = io.WriteString(w, s.sitemapIndex("/2.xml", "/sitemap.xml"))
	case "/1.xml.gz":
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, s.sitemap(0, half))
		_ = z.Close()
		_, _ = w.Write(b.Bytes())
	case "/2.xml":
		_, _ = io.WriteString(w, s.sitemap(half, len(s.pages)))
	default:
		http.NotFound(w, r)
	}
}
