package fingerprints

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Op says what became of a stretch of text.
type Op string

// The operations of an [Edit].
const (
	Equal   Op = "equal"
	Insert  Op = "insert"
	Delete  Op = "delete"
	Replace Op = "replace"
)

// Edit is one step from our text to theirs.
type Edit struct {
	Op     Op     `json:"op"`
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
}

// Diff aligns two texts code point by code point, for showing them side by
// side. The Ours of all edits make our text, the Theirs theirs.
func Diff(ours, theirs string) []Edit {
	ours, theirs = strings.ToValidUTF8(ours, "\uFFFD"), strings.ToValidUTF8(theirs, "\uFFFD")
	d := diffmatchpatch.New()
	d.DiffTimeout = 0
	var edits []Edit
	for _, step := range d.DiffCleanupSemantic(d.DiffMainRunes([]rune(ours), []rune(theirs), false)) {
		var e Edit
		switch step.Type {
		case diffmatchpatch.DiffEqual:
			e = Edit{Equal, step.Text, step.Text}
		case diffmatchpatch.DiffDelete:
			e = Edit{Delete, step.Text, ""}
		case diffmatchpatch.DiffInsert:
			e = Edit{Insert, "", step.Text}
		}
		if last := len(edits) - 1; last >= 0 && edits[last].Op != Equal && e.Op != Equal {
			edits[last] = Edit{Replace, edits[last].Ours + e.Ours, edits[last].Theirs + e.Theirs}
			continue
		}
		edits = append(edits, e)
	}
	return edits
}

// Change is an alteration that may change what a text says.
type Change struct {
	Kind     ChangeKind `json:"kind"`
	Ours     string     `json:"ours"`
	Theirs   string     `json:"theirs"`
	OursAt   int        `json:"ours_at"`   // code points into our text
	TheirsAt int        `json:"theirs_at"` // code points into theirs
}

// ChangeKind is what sort of words changed.
type ChangeKind string

// The kinds of change.
const (
	ChangeNumber   ChangeKind = "number"
	ChangeNegation ChangeKind = "negation"
	ChangeQuote    ChangeKind = "quote"
)

// Text that was cut out or put in at greater length is a cut or an addition;
// it does not alter a statement that was taken over.
const longestChange = 20

// Changes finds the numbers, negations and words inside quotation marks that
// differ between two versions of one text. It proposes; whether the meaning
// changed is for a person to say.
func Changes(ours, theirs string) []Change {
	var changes []Change
	at, theirsAt, quoted := 0, 0, false
	for _, e := range Diff(ours, theirs) {
		c := Change{Ours: e.Ours, Theirs: e.Theirs, OursAt: at, TheirsAt: theirsAt}
		if e.Op != Equal && utf8.RuneCountInString(e.Ours) <= longestChange && utf8.RuneCountInString(e.Theirs) <= longestChange {
			if c.Kind = kindOf(e, quoted); c.Kind != "" {
				changes = append(changes, c)
			}
		}
		at += utf8.RuneCountInString(e.Ours)
		theirsAt += utf8.RuneCountInString(e.Theirs)
		for _, r := range e.Ours {
			switch r {
			case '“', '「', '『':
				quoted = true
			case '”', '」', '』':
				quoted = false
			}
		}
	}
	return changes
}

func kindOf(e Edit, quoted bool) ChangeKind {
	count := func(s, set string) (n int) {
		for _, r := range s {
			if strings.ContainsRune(set, r) {
				n++
			}
		}
		return n
	}
	const numerals, negations = "〇零一二三四五六七八九十百千万亿两半", "不未没無无非否勿莫"
	number := func(s string) bool {
		return strings.ContainsFunc(s, unicode.IsDigit) || count(s, numerals) > 0 && count(s, numerals)*2 >= utf8.RuneCountInString(s)
	}
	ours, theirs := string(Fold(e.Ours).Folded), string(Fold(e.Theirs).Folded)
	switch {
	case ours == theirs:
		return ""
	case number(ours) && (theirs == "" || number(theirs)) || number(theirs) && ours == "":
		return ChangeNumber
	case count(ours, negations) != count(theirs, negations):
		return ChangeNegation
	case quoted:
		return ChangeQuote
	}
	return ""
}
