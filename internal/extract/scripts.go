package extract

import (
	"bytes"
	"unicode/utf8"

	"rightsdesk/internal/rights"
)

// Below so many code points of all visible text a page may be waiting for its
// scripts, and below so many of the body it has none.
const (
	maxShell = 1000
	minBody  = 60
)

// NeedsScripts reports whether a page that was received is a shell, which has
// scripts, hardly any text, and no body: what readers see is put there by the
// scripts. A list of links is none.
func NeedsScripts(raw []byte, contentType, base string) bool {
	if !bytes.Contains(bytes.ToLower(raw[:min(len(raw), maxPage)]), []byte("<script")) {
		return false
	}
	if _, text, _ := Screen(raw, contentType, base); utf8.RuneCountInString(text) >= maxShell {
		return false
	}
	doc, err := HTML(raw, contentType, base)
	if doc == nil || err != nil && rights.KindOf(err) != rights.Invalid {
		return false
	}
	return doc.Kind != KindList && doc.Kind != KindLayout && utf8.RuneCountInString(doc.Text) < minBody
}
