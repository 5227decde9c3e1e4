package letters

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sort"
	"sync"
	"unicode"

	"github.com/signintech/gopdf/fontmaker/core"
)

//go:embed vendor-fonts/*.ttf.gz
var fontFiles embed.FS

// faceID is a place in the list of embedded fonts.
type faceID int

const (
	faceRegular faceID = iota
	faceBold
	faceMono
	faceHalf   // closing marks on half a square
	faceSecond // characters that the first lacks
	faceSymbols
	faceCount
)

func (id faceID) name() string {
	switch id {
	case faceRegular:
		return "NotoSerifSC-Regular"
	case faceBold:
		return "NotoSerifSC-Bold"
	case faceHalf:
		return "NotoSerifSC-Half"
	case faceMono:
		return "NotoSansMono-Regular"
	case faceSecond:
		return "NotoSerifJP-Rest"
	case faceSymbols:
		return "NotoSansMath-Rest"
	case faceCount:
	}
	return ""
}

// face is one embedded font.
type face struct {
	id     faceID
	data   []byte
	parser core.TTFParser
	groups []core.CmapFormat12GroupingTable
}

// opened are the fonts, each unpacked when it is first asked for and then kept:
// unpacking takes longer than setting a letter.
//
//nolint:gochecknoglobals // computed once, never changed
var opened = func() (list [faceCount]func() (*face, error)) {
	for id := range faceCount {
		list[id] = sync.OnceValues(func() (*face, error) { return openFace(id) })
	}
	return list
}()

func getFace(id faceID) (*face, error) {
	f, err := opened[id]()
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", id.name(), err)
	}
	return f, nil
}

func openFace(id faceID) (*face, error) {
	packed, err := fontFiles.Open("vendor-fonts/" + id.name() + ".ttf.gz")
	if err != nil {
		return nil, err
	}
	defer func() { _ = packed.Close() }()
	reader, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	f := &face{id: id}
	if f.data, err = io.ReadAll(reader); err != nil {
		return nil, err
	}
	if err := f.parser.ParseFontData(f.data); err != nil {
		return nil, err
	}
	f.groups = f.parser.GroupingTables()
	return f, nil
}

// glyph returns the index of the glyph for the character, or 0.
func (f *face) glyph(r rune) uint {
	if len(f.groups) == 0 {
		return f.parser.Chars()[int(r)]
	}
	code := uint(r) //nolint:gosec // a rune from a string is never negative
	i := sort.Search(len(f.groups), func(i int) bool { return f.groups[i].EndCharCode >= code })
	if i == len(f.groups) || code < f.groups[i].StartCharCode {
		return 0
	}
	return f.groups[i].GlyphID + code - f.groups[i].StartCharCode
}

// draws reports whether the font shows something for the character: a glyph
// without an outline counts for white space only.
func (f *face) draws(r rune) bool {
	g := f.glyph(r)
	if g == 0 {
		return false
	}
	if unicode.IsSpace(r) {
		return true
	}
	loca := f.parser.LocaTable
	return int(g)+1 < len(loca) && loca[g+1] > loca[g] //nolint:gosec // glyphs are 16 bit
}

// width is the advance of the character in em.
func (f *face) width(r rune) float64 {
	widths := f.parser.Widths()
	if len(widths) == 0 {
		return 1
	}
	g := min(f.glyph(r), uint(len(widths)-1))
	// The PDF holds whole thousandths; the layout has to count like it.
	return float64(widths[g]*1000/f.parser.UnitsPerEm()) / 1000
}

// pickFace finds the font that draws the character, starting with the wanted one.
func pickFace(wanted faceID, r rune) (*face, error) {
	order := [...]faceID{wanted, faceRegular, faceSecond, faceSymbols}
	for _, id := range order {
		f, err := getFace(id)
		if err != nil {
			return nil, err
		}
		if f.draws(r) {
			return f, nil
		}
	}
	return nil, nil //nolint:nilnil // no font draws it: the caller says so in words
}
