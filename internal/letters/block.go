package letters

import "strings"

// A letter is a list of blocks; HTML and PDF draw the same list, so that both
// say the same.

type kind int

const (
	kindHead     kind = iota // letterhead: name in bold, the rest below
	kindDraft                // what the draft still lacks
	kindNumber               // right-aligned small line
	kindTitle                // centred
	kindTo                   // addressee, flush left
	kindPara                 // paragraph with an indent of two characters
	kindSection              // 一、…
	kindSub                  // （一）…
	kindList                 // numbered demand, hanging
	kindFacts                // two columns: label, value
	kindTable                // with a header row
	kindPassages             // number, ours, theirs
	kindNote                 // small
	kindSign                 // lines for signatures
	kindAppendix             // begins a page
)

type style int

const (
	plain style = iota
	strong
	gap // a field that is missing
	mono
	changed
	missing
	added
)

// run is text in one style; a line feed in it begins a new line.
type run struct {
	Text  string
	Style style
}

type cell []run

type block struct {
	kind   kind
	text   cell
	lines  []cell // letterhead, signature
	head   []cell
	rows   [][]cell
	widths []float64 // shares of the line, for tables
}

// Name is what the HTML template calls the kind.
func (b block) Name() string {
	switch b.kind {
	case kindHead:
		return "head"
	case kindDraft:
		return "draft"
	case kindNumber:
		return "number"
	case kindTitle:
		return "title"
	case kindTo:
		return "to"
	case kindPara:
		return "para"
	case kindSection:
		return "section"
	case kindSub:
		return "sub"
	case kindList:
		return "list"
	case kindFacts:
		return "facts"
	case kindTable:
		return "table"
	case kindPassages:
		return "passages"
	case kindNote:
		return "note"
	case kindSign:
		return "sign"
	case kindAppendix:
		return "appendix"
	}
	return ""
}

// The template reads the fields through these.

func (b block) Text() cell      { return b.text }
func (b block) Lines() []cell   { return b.lines }
func (b block) Head() []cell    { return b.head }
func (b block) Rows() [][]cell  { return b.rows }
func (b block) Share(i int) int { return int(b.widths[i]*100 + 0.5) }

// Tag is the HTML element of the style; empty means none.
func (r run) Tag() string {
	switch r.Style {
	case strong:
		return "strong"
	case gap:
		return "mark"
	case mono:
		return "code"
	case changed:
		return "u"
	case missing:
		return "del"
	case added:
		return "ins"
	case plain:
	}
	return ""
}

func words(s string) cell  { return cell{{Text: printable(s)}} }
func bolded(s string) cell { return cell{{Text: printable(s), Style: strong}} }
func coded(s string) cell  { return cell{{Text: printable(s), Style: mono}} }

// wanted shows a field, or what is missing in its place.
func wanted(value, name string) cell {
	if blank(value) {
		return cell{{Text: "【待补：" + name + "】", Style: gap}}
	}
	return words(value)
}

func join(cells ...cell) cell {
	var all cell
	for _, c := range cells {
		all = append(all, c...)
	}
	return all
}

// spans turns a passage's spans into runs: what the law calls a change has to
// be told apart on paper without colour too, so each mark has its own line.
func spans(list []Span) cell {
	var c cell
	for _, s := range list {
		text := keepLines(s.Text)
		if text == "" {
			continue
		}
		st := plain
		switch s.Mark {
		case Equal:
		case Changed:
			st = changed
		case Missing:
			st = missing
		case Added:
			st = added
		}
		if st != plain && len(c) > 0 && c[len(c)-1].Style == st {
			c[len(c)-1].Text += text
			continue
		}
		c = append(c, run{Text: text, Style: st})
	}
	return c
}

// Label is the text of a column's head: a narrow screen shows it in the row.
func (b block) Label(i int) string {
	var text strings.Builder
	if i < len(b.head) {
		for _, r := range b.head[i] {
			text.WriteString(r.Text)
		}
	}
	return text.String()
}
