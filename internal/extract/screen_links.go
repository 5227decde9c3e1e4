package extract

import (
	"bytes"
	"net/url"
	"strings"
)

// maxAnchors is how many anchors are looked at for links that differ.
const maxAnchors = 4 * maxLinks

// link is an anchor as it stands in the page.
type link struct {
	href, title span
	from, to    int32 // bytes of the text
	aside       bool  // the text is not visible
}

func (s *screen) startLink() {
	t := &s.tag
	href := bytes.TrimSpace(s.bytes(t.href))
	if len(href) == 0 || href[0] == '#' || beginsWith(href, "javascript:") || len(s.links) == maxAnchors {
		return
	}
	l := link{href: t.href, title: t.title, aside: s.cover.on()}
	if l.aside {
		s.aside.line()
	}
	l.from = s.reached(l)
	l.to = l.from
	s.links = append(s.links, l)
	s.linking = !t.is(empty)
}

func (s *screen) endLink() {
	if !s.linking {
		return
	}
	s.linking = false
	l := &s.links[len(s.links)-1]
	l.to = s.reached(*l)
}

// reached is how much text there is where the link takes its own from.
func (s *screen) reached(l link) int32 {
	if l.aside {
		return int32(len(s.aside.buf)) //nolint:gosec // no more than a page
	}
	return int32(len(s.shown.buf)) //nolint:gosec // no more than a page
}

// resolved returns the links of the page, each once; text is the visible text.
func (s *screen) resolved(text, base string) []Link {
	if len(s.links) == 0 {
		return nil
	}
	aside := string(s.aside.buf)
	to := newResolver(baseOf(base, s.base))
	out := make([]Link, 0, min(len(s.links), maxLinks))
	seen := make(map[Link]bool, min(len(s.links), maxLinks))
	for _, l := range s.links {
		from := text
		if l.aside {
			from = aside
		}
		link := Link{URL: to.resolve(s.attribute(s.bytes(l.href))), Text: oneOf(from[l.from:l.to])}
		if link.URL == "" {
			continue
		}
		if link.Text == "" {
			link.Text = tidy(s.attribute(s.bytes(l.title)))
		}
		if seen[link] {
			continue
		}
		seen[link] = true
		if out = append(out, link); len(out) == maxLinks {
			break
		}
	}
	return out
}

// resolver makes addresses absolute as page.resolve does. Most addresses need no
// parser: they are clean already.
type resolver struct {
	page   page
	scheme string // with the colon
	origin string // scheme and host, or empty where every address is parsed
	folder string // the path of the base up to its last slash
}

func newResolver(base *url.URL) *resolver {
	r := &resolver{page: page{base: base}}
	if base == nil || base.User != nil || base.Scheme != "http" && base.Scheme != "https" {
		return r
	}
	path := base.EscapedPath()
	if path == "" {
		path = "/"
	}
	if cleanHost(base.Host) && cleanPath(path) {
		r.scheme = base.Scheme + ":"
		r.origin = r.scheme + "//" + base.Host
		r.folder = path[:strings.LastIndexByte(path, '/')+1]
	}
	return r
}

// resolve returns an absolute address, or nothing for what is no page's.
func (r *resolver) resolve(href string) string {
	href = strings.TrimSpace(href)
	address, fragment, _ := strings.Cut(href, "#")
	if r.origin == "" || address == "" || strings.Contains(fragment, "%") {
		return r.page.resolve(href)
	}
	rest, ok := strings.CutPrefix(address, "http:")
	if !ok {
		rest, ok = strings.CutPrefix(address, "https:")
	}
	switch {
	case strings.HasPrefix(rest, "//") && cleanAddress(rest[2:]):
		if ok {
			return address
		}
		return r.scheme + address
	case !ok && rest[0] == '/' && cleanPath(address):
		return r.origin + address
	case !ok && letter(rest[0]) && !strings.Contains(address, ":") && cleanPath("/"+address):
		return r.origin + r.folder + address
	}
	return r.page.resolve(href)
}

// cleanAddress reports whether parsing leaves host, path and query as they are.
func cleanAddress(address string) bool {
	host, path := address, ""
	if i := strings.IndexAny(host, "/?"); i >= 0 {
		host, path = host[:i], host[i:]
	}
	return cleanHost(host) && cleanPath(path)
}

func cleanHost(host string) bool {
	for i := range len(host) {
		if c := host[i]; !letter(c) && !digit(c) && c != '.' && c != '-' {
			return false
		}
	}
	return host != ""
}

// cleanPath reports whether parsing leaves path and query as they are. It errs
// on the side of no.
func cleanPath(path string) bool {
	for i := range len(path) {
		switch c := path[i]; {
		case letter(c) || digit(c) || c == '-' || c == '_' || c == '~':
		case c == '/' || c == '.':
			if i > 0 && path[i-1] == '/' {
				return false
			}
		case c == '?':
			return cleanQuery(path[i+1:])
		default:
			return false
		}
	}
	return true
}

func cleanQuery(query string) bool {
	for i := range len(query) {
		if query[i] <= ' ' || query[i] >= 0x7F {
			return false
		}
	}
	return query != ""
}
