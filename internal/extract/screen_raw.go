package extract

import "bytes"

// comment passes over a comment. One that does not end takes the rest of the
// page, as it does in a browser.
func (s *screen) comment() {
	body := s.page[s.at+len("<!--"):]
	for from := 0; ; {
		n := bytes.IndexByte(body[from:], '>')
		if n < 0 {
			s.at = len(s.page)
			return
		}
		inner := body[:from+n]
		from += n + 1
		if len(inner) == 0 || string(inner) == "-" || bytes.HasSuffix(inner, []byte("--")) || bytes.HasSuffix(inner, []byte("--!")) {
			s.at += len("<!--") + from
			return
		}
	}
}

// contents reads the content of an element in which nothing is markup but its
// own end tag, which it leaves to be read.
func (s *screen) contents() {
	t := &s.tag
	var body []byte
	switch {
	case t.called("script"):
		s.script()
	case t.called("plaintext"):
		body, s.at = s.page[s.at:], len(s.page)
	default:
		body = s.page[s.at:]
		for from := 0; ; {
			n := bytes.IndexByte(body[from:], '<')
			if n < 0 {
				break
			}
			if from += n; endTag(body[from:], string(t.name[:t.size])) {
				body = body[:from]
				break
			}
			from++
		}
		s.at += len(body)
	}
	switch {
	case t.called("title"):
		if !s.titled && s.cover.alien() < 0 {
			s.titled = true
			var p prose
			p.write(s.utf8(body))
			s.title = string(p.buf)
		}
	case !t.is(hides) && !t.hidden && !s.cover.on():
		for i, part := range bytes.Split(body, []byte("&")) {
			if i > 0 {
				s.shown.rune('&')
			}
			s.shown.write(s.utf8(part))
		}
	}
}

// endTag reports whether b begins with the end tag of the named element.
func endTag(b []byte, name string) bool {
	return len(b) > 2+len(name) && b[1] == '/' && same(b[2:2+len(name)], name) && delimits(b[2+len(name)])
}

// delimits reports whether c ends the name of a tag.
func delimits(c byte) bool { return c == '>' || c == '/' || space(c) }

// script passes over a script. Old ones hide in a comment, and in that comment
// a script element may stand whose end tag does not end the script.
func (s *screen) script() {
	const plain, hiding, nested = 0, 1, 2
	const word = "script"
	p := s.page
	state, shut := plain, -1 // shut is where the comment ends
	for s.at < len(p) {
		n := bytes.IndexByte(p[s.at:], '<')
		if n < 0 {
			break
		}
		at := s.at + n
		if state != plain && shut <= at {
			s.at, state = shut, plain
			continue
		}
		rest := p[at:]
		s.at = at + 1
		switch {
		case state == plain && bytes.HasPrefix(rest, []byte("<!--")):
			if shut < at+len("<!") {
				shut = past(p, at+len("<!"))
			}
			state = hiding
		case endTag(rest, word) && state == nested:
			state = hiding
		case endTag(rest, word):
			s.at = at
			return
		case state == hiding && len(rest) > 1+len(word) && same(rest[1:1+len(word)], word) && delimits(rest[1+len(word)]):
			state = nested
		}
	}
	s.at = len(p)
}

// past is behind the next end of a comment, at or behind byte from, or behind
// the page.
func past(p []byte, from int) int {
	n := bytes.Index(p[from:], []byte("-->"))
	if n < 0 {
		return len(p) + 1
	}
	return from + n + len("-->")
}
