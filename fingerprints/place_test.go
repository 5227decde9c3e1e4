package fingerprints_test

import (
	"testing"

	"rightsdesk/fingerprints"
)

// TestSharedParagraphStaysInPlace: of an article and its follow-up that repeats a
// paragraph of it, both whole on a page, each has all of its own text, and nothing
// in the other.
func TestSharedParagraphStaysInPlace(t *testing.T) {
	follow := market + string([]rune(dike)[49:113]) + dikeOther
	x := index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "follow", Text: follow})
	split := len([]rune(dike))
	for _, m := range match(t, x, fingerprints.Page{Text: dike + "\n" + follow}) {
		for _, p := range m.Passages {
			if own := p.Page[1] <= split == (m.Article == "dike"); !own || m.Coverage < 1 {
				t.Errorf("%s, %.0f%% covered, has %v", m.Article, 100*m.Coverage, p.Page)
			}
		}
	}
}
