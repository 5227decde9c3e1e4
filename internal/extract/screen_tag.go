package extract

import "bytes"

// tag is the start or the end of an element.
type tag struct {
	name [20]byte // in lower case, cut
	size int
	key  uint64 // stands for the name
	traits

	href, class, id, title span
	hidden                 bool // by its attributes
	closed                 bool // the tag ends with a slash
}

// span is a stretch of the page.
type span struct{ from, to int32 }

func (s *screen) bytes(at span) []byte { return s.page[at.from:at.to] }

func (t *tag) called(name string) bool { return string(t.name[:t.size]) == name }

// readTag reads a tag from its name on. It is false where the page ends before
// the tag does; nothing of it counts then.
func (s *screen) readTag() bool {
	t := &s.tag
	*t = tag{}
	p, i := s.page, s.at
	for ; i < len(p) && !space(p[i]) && p[i] != '/' && p[i] != '>'; i++ {
		c := lower(p[i])
		if t.size < len(t.name) {
			t.name[t.size] = c
			t.size++
		}
		if i-s.at < 8 {
			t.key = t.key<<8 | uint64(c)
		} else {
			t.key = (t.key ^ uint64(c)) * 0x100000001B3
		}
	}
	t.traits = traitsOf(string(t.name[:t.size]))
	s.at = i
	for s.at < len(p) {
		switch c := p[s.at]; {
		case c == '>':
			s.at++
			return true
		case c == '/' || space(c):
			t.closed = c == '/' && s.at+1 < len(p) && p[s.at+1] == '>'
			s.at++
		default:
			s.readAttribute()
		}
	}
	return false
}

// readAttribute reads a name and, behind an equals sign, a value.
func (s *screen) readAttribute() {
	p, i := s.page, s.at+1 // an equals sign in front belongs to the name
	for i < len(p) && p[i] > '>' || i < len(p) && p[i] != '>' && p[i] != '=' && p[i] != '/' && !space(p[i]) {
		i++
	}
	name := p[s.at:i]
	for i < len(p) && space(p[i]) {
		i++
	}
	if i == len(p) || p[i] != '=' {
		s.at = i
		s.keep(name, span{})
		return
	}
	for i++; i < len(p) && space(p[i]); {
		i++
	}
	value, past := attributeValue(p, i)
	s.at = past
	s.keep(name, value)
}

// attributeValue reads the value that begins at byte i and returns where it is
// past.
func attributeValue(p []byte, i int) (value span, past int) {
	start, end := i, i
	if i < len(p) && (p[i] == '"' || p[i] == '\'') {
		start++
		n := bytes.IndexByte(p[start:], p[i])
		if n < 0 {
			n = len(p) - start
		}
		end = start + n
		past = min(end+1, len(p))
	} else {
		for end < len(p) && p[end] != '>' && !space(p[end]) {
			end++
		}
		past = end
	}
	return span{int32(start), int32(end)}, past //nolint:gosec // a page is far smaller than 2 GiB
}

// keep remembers the attributes that are read here; the first of a name counts.
func (s *screen) keep(name []byte, value span) {
	t := &s.tag
	switch len(name) {
	case len("id"):
		if same(name, "id") {
			first(&t.id, value)
		}
	case len("href"):
		if same(name, "href") {
			first(&t.href, value)
		}
	case len("class"): // and title, style
		switch {
		case same(name, "class"):
			first(&t.class, value)
		case same(name, "title"):
			first(&t.title, value)
		case same(name, "style"):
			t.hidden = t.hidden || concealed(s.bytes(value))
		}
	case len("hidden"):
		t.hidden = t.hidden || same(name, "hidden")
	}
}

func first(slot *span, value span) {
	if *slot == (span{}) {
		*slot = value
	}
}

// concealed reports whether a style keeps the element from being shown.
func concealed(style []byte) bool {
	for at, c := range style {
		if c != ':' {
			continue
		}
		before, after := bytes.TrimRight(style[:at], " "), bytes.TrimLeft(style[at+1:], " ")
		if endsIn(before, "display") && beginsWith(after, "none") || endsIn(before, "visibility") && beginsWith(after, "hidden") {
			return true
		}
	}
	return false
}

func endsIn(b []byte, word string) bool {
	return len(b) >= len(word) && same(b[len(b)-len(word):], word)
}

func beginsWith(b []byte, word string) bool {
	return len(b) >= len(word) && same(b[:len(word)], word)
}

// same compares with a word in lower case.
func same(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i := range len(word) {
		if lower(b[i]) != word[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func letter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}
