package fingerprints_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/fingerprints"
)

func TestGroups(t *testing.T) {
	at := func(article, page, length int) fingerprints.Passage {
		return fingerprints.Passage{Article: [2]int{article, article + length}, Page: [2]int{page, page + length}}
	}
	group := func(article, page [2]int, of ...fingerprints.Passage) fingerprints.Group {
		return fingerprints.Group{Article: article, Page: page, Passages: of}
	}
	for _, test := range []struct {
		name     string
		passages []fingerprints.Passage
		want     []fingerprints.Group
	}{
		{"nothing", nil, nil},
		{
			"two sentences, a third between them replaced",
			[]fingerprints.Passage{at(0, 500, 20), at(90, 580, 20)},
			[]fingerprints.Group{group([2]int{0, 110}, [2]int{500, 600}, at(0, 500, 20), at(90, 580, 20))},
		},
		{
			"sentences that changed places",
			[]fingerprints.Passage{at(60, 0, 40), at(0, 50, 40)},
			[]fingerprints.Group{group([2]int{0, 100}, [2]int{0, 90}, at(60, 0, 40), at(0, 50, 40))},
		},
		{
			"near on the page, far apart in the article",
			[]fingerprints.Passage{at(0, 0, 20), at(900, 30, 20)},
			[]fingerprints.Group{group([2]int{0, 20}, [2]int{0, 20}, at(0, 0, 20)), group([2]int{900, 920}, [2]int{30, 50}, at(900, 30, 20))},
		},
		{
			"short ones as far apart as long ones that are one",
			[]fingerprints.Passage{at(0, 0, 20), at(300, 300, 20), at(2000, 2000, 300), at(2600, 2600, 300)},
			[]fingerprints.Group{
				group([2]int{0, 20}, [2]int{0, 20}, at(0, 0, 20)), group([2]int{300, 320}, [2]int{300, 320}, at(300, 300, 20)),
				group([2]int{2000, 2900}, [2]int{2000, 2900}, at(2000, 2000, 300), at(2600, 2600, 300)),
			},
		},
		{
			"two that only a third makes one",
			[]fingerprints.Passage{at(0, 0, 80), at(250, 250, 80), at(120, 120, 80)},
			[]fingerprints.Group{group([2]int{0, 330}, [2]int{0, 330}, at(0, 0, 80), at(120, 120, 80), at(250, 250, 80))},
		},
		{
			"an article that stands on the page twice",
			[]fingerprints.Passage{at(0, 0, 300), at(0, 2000, 300)},
			[]fingerprints.Group{group([2]int{0, 300}, [2]int{0, 300}, at(0, 0, 300)), group([2]int{0, 300}, [2]int{2000, 2300}, at(0, 2000, 300))},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, fingerprints.Groups(test.passages)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
