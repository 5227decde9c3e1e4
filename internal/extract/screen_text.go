package extract

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// prose collects text as tidy and lines leave it.
type prose struct {
	buf     []byte
	pending byte // what stands before the next character: nothing, a space or a line feed
}

func (p *prose) line() { p.pending = '\n' }

func (p *prose) space() {
	if p.pending == 0 {
		p.pending = ' '
	}
}

func (p *prose) part() {
	if p.pending != 0 {
		if len(p.buf) > 0 {
			p.buf = append(p.buf, p.pending)
		}
		p.pending = 0
	}
}

// write adds UTF-8 in which entities stand for characters.
func (p *prose) write(b []byte) {
	for len(b) > 0 {
		if n := clean(b); n > 0 {
			p.part()
			p.buf = append(p.buf, b[:n]...)
			b = b[n:]
			continue
		}
		if b[0] <= ' ' {
			p.space()
			b = b[1:]
			continue
		}
		if b[0] == '&' {
			b = b[p.entity(b):]
			continue
		}
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		p.rune(r)
		for r == utf8.RuneError && n == 1 && len(b) > 0 && b[0] >= utf8.RuneSelf {
			if r, n = utf8.DecodeRune(b); r == utf8.RuneError && n == 1 {
				b = b[1:]
			}
		}
	}
}

// clean is how many bytes from the first are whole characters that stay as they
// are. Rarer characters that do so too are left to rune.
func clean(b []byte) int {
	i := 0
	for i < len(b) {
		switch c := b[i]; {
		case c < utf8.RuneSelf:
			if c <= ' ' || c == '&' {
				return i
			}
			i++
		case c >= 0xE3 && c <= 0xE9 && i+2 < len(b) && b[i+1]&0xC0 == 0x80 && b[i+2]&0xC0 == 0x80 && (c != 0xE3 || b[i+1] != 0x80 || b[i+2] != 0x80):
			i += 3
		default:
			return i
		}
	}
	return i
}

// rune adds one character.
func (p *prose) rune(r rune) {
	switch {
	case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad':
	case r <= ' ' || r == '\u00a0' || r == '\u3000' || r == '\u2002' || r == '\u2003' || r == '\u2009' || r == '\u0085':
		p.space()
	default:
		p.part()
		p.buf = utf8.AppendRune(p.buf, r)
	}
}

// entity adds what the entity at the start of b stands for and returns how many
// bytes it has.
func (p *prose) entity(b []byte) int {
	n := entitySize(b)
	switch string(b[:n]) {
	case "&nbsp;", "&emsp;", "&ensp;":
		p.space()
	case "&amp;":
		p.rune('&')
	case "&lt;":
		p.rune('<')
	case "&gt;":
		p.rune('>')
	case "&quot;":
		p.rune('"')
	case "&ldquo;":
		p.rune('“')
	case "&rdquo;":
		p.rune('”')
	case "&middot;":
		p.rune('·')
	case "&mdash;":
		p.rune('—')
	default:
		for _, r := range html.UnescapeString(string(b[:n])) {
			p.rune(r)
		}
	}
	return n
}

// entitySize is the length of what may be an entity at the start of b.
func entitySize(b []byte) int {
	const longest = 34
	i := 1
	if i < len(b) && b[i] == '#' {
		for i++; i < len(b) && (digit(b[i]) || letter(b[i])); {
			i++
		}
	} else {
		for i < len(b) && i < longest && (digit(b[i]) || letter(b[i])) {
			i++
		}
	}
	if i > 1 && i < len(b) && b[i] == ';' {
		i++
	}
	return i
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// attribute is the text of an attribute's value. There an entity without its
// semicolon stands for itself more often than in text.
func (s *screen) attribute(b []byte) string {
	b = s.utf8(b)
	if bytes.IndexByte(b, '&') < 0 {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	var out strings.Builder
	for len(b) > 0 {
		n := bytes.IndexByte(b, '&')
		if n < 0 {
			n = len(b)
		}
		out.Write(b[:n])
		if b = b[n:]; len(b) == 0 {
			break
		}
		n = entitySize(b)
		word := string(b[:n])
		b = b[n:]
		text := html.UnescapeString(word)
		if word[n-1] != ';' && len(b) > 0 && b[0] == '=' || utf8.RuneCountInString(text) > 2 && word[:min(n, 2)] != "&#" {
			text = word
		}
		out.WriteString(text)
	}
	return strings.ToValidUTF8(out.String(), "\ufffd")
}

// ascii is how many bytes from the first are ASCII.
func ascii(b []byte) int {
	i := 0
	for i+8 <= len(b) && binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 == 0 {
		i += 8
	}
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}
