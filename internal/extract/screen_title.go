package extract

import "strings"

const (
	maxHeadings    = 20_000
	maxOpenHeading = 8
	maxHeadingSize = 8 * maxHeaderRune // bytes, with the white space
)

// headings are the stretches of the visible text that may be the headline.
type headings struct{ open, found []stretch }

type stretch struct {
	key      uint64
	depth    int // elements of its name that are open, itself among them
	from, to int // bytes of the visible text
}

// startHeading takes the start of a visible element.
func (s *screen) startHeading() {
	h, t, at := &s.headings, &s.tag, len(s.shown.buf)
	h.expire(at)
	for i := 0; i < len(h.open); i++ {
		if h.open[i].key != t.key {
			continue
		}
		if t.is(para | cell) { // its end tag was left out
			h.close(i, at)
			i--
			continue
		}
		h.open[i].depth++
	}
	if !t.is(heading) && (!t.is(labelled) || !titled(s.bytes(t.class)) && !titled(s.bytes(t.id))) {
		return
	}
	if len(h.open) == maxOpenHeading {
		h.open = h.open[:copy(h.open, h.open[1:])]
	}
	h.open = append(h.open, stretch{key: t.key, depth: 1, from: at})
}

// end takes the end of a visible element; at is how much text there is.
func (h *headings) end(t *tag, at int) {
	if len(h.open) == 0 {
		return
	}
	h.expire(at)
	for i := len(h.open) - 1; i >= 0; i-- {
		if h.open[i].key != t.key {
			continue
		}
		if h.open[i].depth--; h.open[i].depth == 0 {
			h.close(i, at)
		}
	}
}

func (h *headings) close(i, at int) {
	s := h.open[i]
	h.open = append(h.open[:i], h.open[i+1:]...)
	if s.to = at; s.to > s.from && len(h.found) < maxHeadings {
		h.found = append(h.found, s)
	}
}

// expire forgets what is too long by now.
func (h *headings) expire(at int) {
	for len(h.open) > 0 && at-h.open[0].from > maxHeadingSize {
		h.open = h.open[:copy(h.open, h.open[1:])]
	}
}

// titled reports whether a class or an id speaks of a title.
func titled(name []byte) bool {
	for i := range name {
		if beginsWith(name[i:], "tit") || beginsWith(name[i:], "headline") {
			return true
		}
	}
	return false
}

// headline is chosen as page.title does it.
func (s *screen) headline(text string) string {
	w := wordingOf(s.title)
	best, bestRank := "", 0
	for _, h := range s.headings.found {
		line := oneOf(text[h.from:h.to])
		element := ""
		if h.key == 'h'<<8|'1' {
			element = "h1"
		}
		if rank := w.rank(line, element); rank > bestRank {
			best, bestRank = line, rank
		}
	}
	if best != "" {
		return best
	}
	return siteless(s.title)
}

// oneOf joins lines.
func oneOf(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\n", " ") }
