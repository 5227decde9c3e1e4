package monitor

import (
	"context"
	"net/url"
	"path"
	"strings"
	"unicode"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// sameElsewhere is how many other pages of the site show the text of a page at
// least, for it to be taken for what the site answers whatever was asked for.
const sameElsewhere = 3

// quarantine says why a match must wait for a person, or nothing: the text it
// was found in is word for word that of several other pages of the host, as
// where a site answers every address that it does not know with one article. A
// page with a case, and a match that would open none, does not wait.
func (v *visit) quarantine(ctx context.Context, tx *store.Tx, m *rights.Match, l *look) (string, error) {
	if !m.Verdict.OpensCase {
		return "", nil
	}
	if _, err := tx.CaseByURL(ctx, m.URL); rights.KindOf(err) != rights.NotFound {
		return "", err
	}
	same, text, what := tx.SameBody, l.chain[0].doc.Text, "正文"
	if m.Capture.Text == l.visible {
		same, text, what = tx.SameScreen, l.chain[0].visible, "全部文字"
	}
	digest := textDigest(text)
	if digest == "" {
		return "", nil
	}
	urls, err := same(ctx, hostOf(m.URL), digest)
	if err != nil {
		return "", err
	}
	others := map[string]string{}
	for _, u := range urls {
		if u != m.URL && number(u) != number(m.URL) {
			others[number(u)] = u
		}
	}
	if len(others) < sameElsewhere {
		return "", nil
	}
	examples := make([]string, 0, sameElsewhere)
	for _, u := range urls {
		if others[number(u)] == u && len(examples) < sameElsewhere {
			examples = append(examples, u)
		}
	}
	return rights.Note("本页%s与同一网站另外 %d 个网址逐字相同，可能是出错页或失效跳转：%s", what, len(others), strings.Join(examples, "、")), nil
}

// number is by what a site tells its articles apart: the digits at the end of
// the path, or else the whole URL. One article in several sections, or its print
// view, has one number. Few digits before a query are part of a script's name.
func number(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, path.Base(u.Path))
	if digits == "" || len(digits) < 4 && u.RawQuery != "" {
		return address
	}
	return digits
}
