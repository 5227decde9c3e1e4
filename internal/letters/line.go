package letters

import (
	"fmt"
	"strings"
	"unicode"
)

// atom is one character as it will be drawn.
type atom struct {
	char  rune
	face  *face
	style style
	width float64 // advance, points
	shift float64 // moves the glyph right, points
	glued bool    // no line may begin here
}

// line is a set line: its atoms, and what is added after each of them.
type line struct {
	atoms   []atom
	spacing float64
	width   float64
}

// setter breaks text into lines. It keeps which characters no font draws.
type setter struct {
	undrawn map[rune]bool
}

// measure says how wide lines are.
type measure struct {
	size    float64 // points
	width   float64
	indent  float64 // of the first line
	justify justification
	bold    emphasisOf
}

type justification int

const (
	ragged justification = iota
	justified
)

type emphasisOf int

const (
	asWritten emphasisOf = iota
	allBold
)

// set breaks a cell into lines.
func (s *setter) set(c cell, m measure) ([]line, error) {
	var all []line
	var part []atom
	first := true
	half, err := getFace(faceHalf)
	if err != nil {
		return nil, err
	}
	flush := func() {
		indent := 0.0
		if first {
			indent = m.indent
		}
		squeezePairs(part, half, m.size)
		glueWords(part)
		all = append(all, fill(part, m, indent)...)
		part, first = nil, false
	}
	for _, r := range c {
		for i, text := range strings.Split(r.Text, "\n") {
			if i > 0 {
				flush()
			}
			atoms, err := s.atoms(text, r.Style, m)
			if err != nil {
				return nil, err
			}
			part = append(part, atoms...)
		}
	}
	flush()
	return all, nil
}

func (s *setter) atoms(text string, st style, m measure) ([]atom, error) {
	wantedFace := faceRegular
	switch {
	case st == mono:
		wantedFace = faceMono
	case st == strong || st == gap || m.bold == allBold:
		wantedFace = faceBold
	}
	atoms := make([]atom, 0, len(text)/2)
	for _, r := range text {
		if dropped(r) {
			continue
		}
		f, err := pickFace(wantedFace, r)
		if err != nil {
			return nil, err
		}
		if f != nil {
			atoms = append(atoms, atom{char: r, face: f, style: st, width: f.width(r) * m.size})
			continue
		}
		s.undrawn[r] = true
		regular, err := getFace(faceRegular)
		if err != nil {
			return nil, err
		}
		for i, c := range fmt.Sprintf("〔U+%04X〕", r) {
			atoms = append(atoms, atom{char: c, face: regular, style: st, width: regular.width(c) * m.size, glued: i > 0})
		}
	}
	return atoms, nil
}

// fill breaks one paragraph's atoms greedily, keeping to the rules of 避头尾.
func fill(atoms []atom, m measure, indent float64) []line {
	var all []line
	for start := 0; ; {
		width := m.width
		if start == 0 {
			width -= indent
		} else {
			start += leadingSpaces(atoms[start:])
		}
		if start >= len(atoms) && len(all) > 0 {
			return all
		}
		rest := atoms[start:]
		if start > 0 && len(rest) > 0 && opens(rest[0].char) && wide(rest[0], m.size) {
			rest[0].shift -= m.size / 2
			rest[0].width -= m.size / 2
		}
		n := breakAt(rest, width, m.size)
		l := newLine(rest[:n], width, m.size)
		if m.justify == justified && n < len(rest) {
			l.spread(width, m.size)
		}
		all = append(all, l)
		start += n
		if start >= len(atoms) {
			return all
		}
	}
}

func leadingSpaces(atoms []atom) int {
	n := 0
	for n < len(atoms) && atoms[n].char == ' ' {
		n++
	}
	return n
}

// breakAt counts the atoms of the next line.
func breakAt(atoms []atom, width, size float64) int {
	used, allowed := 0.0, 0
	for i, a := range atoms {
		if i > 0 && mayBreak(atoms[i-1], a) {
			allowed = i
		}
		need := a.width
		if closes(a.char) && wide(a, size) {
			need -= size / 2
		}
		// A line may end in spaces that stand beyond its edge.
		if used+need > width+0.01 && a.char != ' ' {
			if allowed > 0 {
				return allowed
			}
			return max(i, 1)
		}
		used += a.width
	}
	return len(atoms)
}

func newLine(atoms []atom, width, size float64) line {
	n := len(atoms)
	for n > 0 && atoms[n-1].char == ' ' {
		n--
	}
	l := line{atoms: atoms[:n]}
	for _, a := range l.atoms {
		l.width += a.width
	}
	if l.width > width && n > 0 && closes(l.atoms[n-1].char) {
		l.atoms[n-1].width -= size / 2
		l.width -= size / 2
	}
	return l
}

// spread stretches a line to the full width unless it would look torn.
func (l *line) spread(width, size float64) {
	gaps := len(l.atoms) - 1
	if gaps < 1 {
		return
	}
	extra := (width - l.width) / float64(gaps)
	if extra > 0 && extra <= size*0.25 {
		l.spacing = extra
		l.width = width
	}
}

// squeezePairs takes the empty half of a closing mark before another mark. The
// half comes from a font with half the advance, not from moving the neighbour
// back: readers of the PDF take overlapping boxes for separate lines.
func squeezePairs(atoms []atom, half *face, size float64) {
	for i := 1; i < len(atoms); i++ {
		a, b := &atoms[i-1], &atoms[i]
		if a.face.id == faceRegular && wide(*a, size) && half.draws(a.char) && (closes(b.char) || opens(b.char)) {
			a.face = half
			a.width = half.width(a.char) * size
		}
	}
}

// glueWords keeps numbers, words and file numbers whole; only what is longer
// may break after its own marks.
func glueWords(atoms []atom) {
	const longest = 20
	for start := 0; start < len(atoms); {
		end := start
		for end < len(atoms) && latin(atoms[end].char) {
			end++
		}
		if end-start <= longest {
			for i := start + 1; i < end; i++ {
				atoms[i].glued = true
			}
		}
		start = max(end, start+1)
	}
}

// wide reports whether the atom still has its full square.
func wide(a atom, size float64) bool { return a.width > size*0.9 }

func opens(r rune) bool { return strings.ContainsRune("（《「『【〔〖〈“‘［｛", r) }

func closes(r rune) bool {
	return strings.ContainsRune("，。、；：）》」』】〕〗〉”’］｝", r)
}

// noStart lists what may not begin a line besides closing marks.
func noStart(r rune) bool {
	return closes(r) || strings.ContainsRune("？！…—～·％℃!,.:;?)]}%", r)
}

func noEnd(r rune) bool { return opens(r) || strings.ContainsRune("([{￥$§", r) }

// mayBreak reports whether a line may end between the two.
func mayBreak(a, b atom) bool {
	switch {
	case b.glued || b.char == ' ' || noEnd(a.char):
		return false
	case a.char == ' ':
		return true
	case latin(a.char) && latin(b.char):
		// Addresses break after their own marks.
		return strings.ContainsRune("/?&=-_.%#+:,;", a.char) && !strings.ContainsRune("/?&=-_.%#+:,;", b.char)
	case noStart(b.char):
		return false
	}
	return true
}

func latin(r rune) bool { return r > ' ' && r < 0x2000 && !unicode.Is(unicode.Han, r) }
