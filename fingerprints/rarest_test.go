package fingerprints_test

import (
	"fmt"
	"strconv"
	"testing"

	"rightsdesk/fingerprints"
)

func TestRarestSentence(t *testing.T) {
	const formula, own = "会议强调要认真贯彻落实有关部署要求", "老船工把最后一支橹挂上了东墙"
	x := fingerprints.NewIndex()
	for i := range 20 {
		x.Add(fingerprints.Article{ID: strconv.Itoa(i), Text: fmt.Sprintf("%s。第%d号渡口昨日停航。", formula, i)})
	}
	x.Add(fingerprints.Article{ID: "own", Text: formula + "。" + own + "。"})
	for _, c := range []struct {
		sentences []string
		want      int
	}{
		{[]string{formula, own}, 1},
		{[]string{own, formula}, 0},
		{[]string{"橹", formula}, 1}, // too short
		{[]string{"橹"}, -1},
		{nil, -1},
	} {
		if got := x.Rarest(c.sentences, 8); got != c.want {
			t.Errorf("%q: %d, want %d", c.sentences, got, c.want)
		}
	}
}
