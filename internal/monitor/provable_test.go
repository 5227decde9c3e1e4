package monitor_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
)

// traditional writes some characters of a simplified text as they are written
// in Taiwan and Hong Kong.
func traditional(s string) string {
	const pairs = "桥橋车車长長引引滨濱东東岸岸证證当當时時开開两兩从從说說热熱记記发發线線计計没沒条條标標准準问問题題连連续續张張纸紙实實现現处處广廣场場门門间間业業电電么麼设設员員个個号號启啟质質后後礼禮过過经經历歷贯貫让讓头頭绕繞响響护護栏欄应應统統计計轮輪应應"
	table := []rune(pairs)
	var swap []string
	seen := map[rune]bool{}
	for i := 0; i+1 < len(table); i += 2 {
		if !seen[table[i]] {
			seen[table[i]] = true
			swap = append(swap, string(table[i]), string(table[i+1]))
		}
	}
	return strings.NewReplacer(swap...).Replace(s)
}

// provable checks that a match stands on evidence that reads back, that its
// passages are the same text in both, and that its seal is in the record.
func (h *house) provable(m rights.Match) {
	h.t.Helper()
	var digests []string
	for _, ref := range m.Evidence {
		r, err := evidence.Folder{Dir: h.cfg.Data}.Read(h.t.Context(), evidence.Ref(ref))
		if err != nil {
			h.t.Errorf("evidence of %s: %v", m.URL, err)
			continue
		}
		sum := sha256.Sum256(r.Body)
		digests = append(digests, hex.EncodeToString(sum[:]))
	}
	want := strings.Join(digests, "\n")
	if len(digests) > 1 {
		sum := sha256.Sum256([]byte(want))
		want = hex.EncodeToString(sum[:])
	}
	if m.Capture.Digest != want || want == "" {
		h.t.Errorf("the digest %s is not that of the evidence, %s", m.Capture.Digest, want)
	}
	if seal, err := m.Seal(); err != nil || !strings.Contains(strings.Join(h.reasons(m.Subject()), " "), seal) {
		h.t.Errorf("seal %s (%v) is not in the record: %v", seal, err, h.reasons(m.Subject()))
	}
}
