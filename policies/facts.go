package policies

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Facts are what is known of one match. The JSON names are the names in CEL;
// numbers are doubles there. Shares are 0 to 1, lengths count folded
// characters, instants were compared by the caller.
type Facts struct {
	OwnMirror bool   `json:"own_mirror"` // the host or account is the paper's own
	Licensed  bool   `json:"licensed"`   // a licence covers operator, article, day and use
	Licence   string `json:"licence"`    // its number

	LinkOnly    bool    `json:"link_only"`    // headline and link, no text of the body
	Reworded    bool    `json:"reworded"`     // told again in other words, no text at length
	LinkPresent bool    `json:"link_present"` // the page links to the article or the paper
	Matched     float64 `json:"matched"`      // characters of the body that match, all owners
	MatchedOwn  float64 `json:"matched_own"`  // of these, in segments that the paper asserts

	// Containment is the matched share of the segments that the paper asserts;
	// Gross is that of the whole article.
	Containment float64 `json:"containment"`
	Gross       float64 `json:"gross"`
	PageShare   float64 `json:"page_share"` // of the page's text that is ours
	LongestRun  float64 `json:"longest_run"`
	Chars       float64 `json:"chars"` // of the article

	MatchedWire  float64 `json:"matched_wire"`  // characters in wire segments
	MatchedOther float64 `json:"matched_other"` // characters in freelance, reader or unknown segments without a right to act

	Genre       string `json:"genre"`       // rights.Genre
	Topic       string `json:"topic"`       // rights.Topic
	HasQuote    bool   `json:"has_quote"`   // the article quotes somebody
	Reservation string `json:"reservation"` // "", weak, medium or strong

	SourceNamed     bool    `json:"source_named"`
	AuthorNamed     bool    `json:"author_named"`
	AuthorKnown     bool    `json:"author_known"` // the article has a byline
	TitleSimilarity float64 `json:"title_similarity"`
	TitleKnown      bool    `json:"title_known"` // both titles are known

	NumbersChanged   float64 `json:"numbers_changed"`
	NegationsChanged float64 `json:"negations_changed"`
	QuotesChanged    float64 `json:"quotes_changed"`

	TimesKnown     bool    `json:"times_known"`     // both first publications are known to the minute
	MinutesEarlier float64 `json:"minutes_earlier"` // by which the page was before us; negative: after

	OperatorRole string `json:"operator_role"` // publisher, host or search
	MediaUser    bool   `json:"media_user"`    // a newspaper, broadcaster or news site
	Online       bool   `json:"online"`        // our article was on the network already
}

// kinds lists the facts and their kinds, in the order of the struct.
func kinds() []reflect.StructField {
	t := reflect.TypeFor[Facts]()
	fields := make([]reflect.StructField, 0, t.NumField())
	for f := range t.Fields() {
		f.Name = f.Tag.Get("json")
		fields = append(fields, f)
	}
	return fields
}

// values returns the facts by their names in CEL.
func (f Facts) values() (map[string]any, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode the facts: %w", err)
	}
	m := map[string]any{}
	return m, json.Unmarshal(b, &m)
}

// TitleSimilarity is how alike two titles are, 0 to 1: twice the longest common
// subsequence of their letters and numbers over the sum of their lengths.
func TitleSimilarity(a, b string) float64 {
	x, y := letters(a), letters(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	row := make([]int, len(y)+1)
	for _, r := range x {
		diagonal := 0
		for j, s := range y {
			above := row[j+1]
			if r == s {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j], above)
			}
			diagonal = above
		}
	}
	return 2 * float64(row[len(y)]) / float64(len(x)+len(y))
}

const longestTitle = 500 // letters; what follows is no title

func letters(s string) []rune {
	kept := []rune(strings.Map(keep, s))
	return kept[:min(len(kept), longestTitle)]
}
