package monitor

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// The bounds of what is learned of a host.
const (
	shortestLine = 8   // folded characters
	longestLine  = 400 // a disclaimer in one paragraph
	mostLines    = 5000
	shownLine    = 200
	// saveGrace is how long a sweep that was cancelled may take to keep it.
	saveGrace = time.Minute
)

// A page counts for the lines it shares with others only where it has a text of
// its own: so many folded characters of running text that no page before had,
// and a quarter of its running text that is not boilerplate yet: a brief over a
// long disclaimer has it, a reprint with an editor's remark has not.
const (
	ownChars    = 60
	ownShare    = 4
	runningLine = 15 // folded characters of a line of running text
)

// learner counts the lines of one host over distinct pages.
type learner struct {
	host  string
	pages int // of the host that count
	lines map[int64]*rights.Line
	// What was seen since it was loaded.
	fresh map[int64]*rights.Line // Pages, Beside and Inside count only this
	texts []*rights.PageText
	taken map[string]bool
}

func (m *Monitor) learner(ctx context.Context, host string) (*learner, error) {
	l := &learner{host: host, lines: map[int64]*rights.Line{}, fresh: map[int64]*rights.Line{}, taken: map[string]bool{}}
	err := m.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		if l.pages, err = tx.OwnPages(ctx, host); err != nil {
			return err
		}
		known, err := tx.Lines(ctx, host, 1)
		for i := range known {
			l.lines[known[i].Hash] = &known[i]
		}
		return err
	})
	return l, err
}

// reading is a page as the learner takes it.
type reading struct {
	url     string // under which it is judged
	visible string
	body    string // where it was extracted
	read    bool   // it was
	at      time.Time
}

// take counts the lines of a page. Each page is taken once in a sweep, and
// counts once for good.
func (v *visit) take(ctx context.Context, r reading) error {
	l := v.learned
	if hostOf(r.url) != l.host || l.taken[r.url] {
		return nil
	}
	l.taken[r.url] = true
	var known *rights.PageText
	err := v.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.PageText(ctx, r.url)
		return err
	})
	if err != nil && rights.KindOf(err) != rights.NotFound {
		return err
	}
	l.add(r, known)
	return nil
}

func (l *learner) add(r reading, known *rights.PageText) {
	lines := linesOf(r.visible)
	text := &rights.PageText{URL: r.url, Host: l.host, Read: r.read}
	if r.read {
		text.Body, text.Screen = textDigest(r.body), textDigest(r.visible)
	}
	if known != nil {
		text.Own, text.Read = known.Own, known.Read || r.read
		if known.Own && !known.Read && r.read {
			l.count(lines, r, 0)
		}
	} else if text.Own = l.own(lines); text.Own {
		l.count(lines, r, 1)
		l.pages++
	}
	l.texts = append(l.texts, text)
}

// own reports whether a page has a text of its own: see ownChars.
func (l *learner) own(lines []line) bool {
	fresh, all := 0, 0
	for _, n := range lines {
		if !n.running {
			continue
		}
		known := l.lines[n.hash]
		if known == nil {
			fresh += n.chars
		}
		if known == nil || !known.Learned(l.pages) {
			all += n.chars
		}
	}
	return fresh >= ownChars && fresh*ownShare >= all
}

// count adds so many pages, one or none, to the lines of a page, and where its
// body is known, whether they stand in it.
func (l *learner) count(lines []line, r reading, pages int) {
	body := ""
	if r.read {
		body = folded(r.body)
	}
	for _, n := range lines {
		known := l.lines[n.hash]
		if known == nil {
			if pages == 0 {
				continue // forgotten meanwhile
			}
			known = &rights.Line{Host: l.host, Hash: n.hash, Text: n.shown(), Since: l.pages, FirstSeen: r.at}
			l.lines[n.hash] = known
		}
		fresh := l.fresh[n.hash]
		if fresh == nil {
			fresh = &rights.Line{Host: l.host, Hash: n.hash, Text: known.Text, Since: known.Since, FirstSeen: r.at}
			l.fresh[n.hash] = fresh
		}
		for _, c := range []*rights.Line{known, fresh} {
			c.Pages, c.LastSeen = c.Pages+pages, r.at
			if len(c.URLs) < 2 && !slices.Contains(c.URLs, r.url) {
				c.URLs = append(c.URLs, r.url)
			}
			switch {
			case !r.read:
			case strings.Contains(body, n.folded):
				c.Inside++
			default:
				c.Beside++
			}
		}
	}
	if len(l.lines) > 2*mostLines {
		l.shrink()
	}
}

// shrink forgets the rarest lines, of these the ones not seen for longest.
func (l *learner) shrink() {
	var list []*rights.Line
	for _, n := range l.lines {
		if n.Pages < rights.LearnedPages {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b *rights.Line) int {
		return cmp.Or(cmp.Compare(a.Pages, b.Pages), a.LastSeen.Compare(b.LastSeen), cmp.Compare(a.Hash, b.Hash))
	})
	for _, n := range list[:min(len(list), len(l.lines)-mostLines)] {
		delete(l.lines, n.Hash)
		delete(l.fresh, n.Hash)
	}
}

// blank forgets what text a page showed, where it shows none now.
func (v *visit) blank(ctx context.Context, tx *store.Tx, url string) error {
	text, err := tx.PageText(ctx, url)
	if rights.KindOf(err) == rights.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	text.Body, text.Screen = "", ""
	return tx.PutPageText(ctx, text)
}

// save keeps what was learned, also where the sweep was cancelled: the pages
// will not be read again while they stay as they are.
func (v *visit) save(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveGrace)
	defer cancel()
	l := v.learned
	hashes := make([]int64, 0, len(l.fresh))
	for hash := range l.fresh {
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes) // two sweeps of one host take their locks in one order
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		for _, hash := range hashes {
			if err := tx.CountLine(ctx, l.fresh[hash]); err != nil {
				return err
			}
		}
		slices.SortFunc(l.texts, func(a, b *rights.PageText) int { return strings.Compare(a.URL, b.URL) })
		for _, text := range l.texts {
			if err := tx.PutPageText(ctx, text); err != nil {
				return err
			}
		}
		return tx.TrimLines(ctx, l.host, rights.LearnedPages, mostLines)
	})
}

// line is one line of a text.
type line struct {
	text     string
	from, to int // code points of the text
	folded   string
	chars    int // folded
	hash     int64
	running  bool // it reads as running text
}

// shown is the line as it is kept, without what no database takes.
func (n line) shown() string {
	r := []rune(strings.ReplaceAll(n.text, "\x00", ""))
	return string(r[:min(len(r), shownLine)])
}

// linesOf are the lines of a text that are neither too short nor too long to be
// learned, each once, at its first place.
func linesOf(text string) []line {
	var list []line
	seen := map[int64]bool{}
	for _, n := range allLines(text) {
		if !seen[n.hash] {
			seen[n.hash] = true
			list = append(list, n)
		}
	}
	return list
}

// allLines is the same with every place of a line.
func allLines(text string) []line {
	var list []line
	at := 0
	for s := range strings.SplitSeq(text, "\n") {
		n := line{text: s, from: at, to: at + len([]rune(s))}
		at = n.to + 1
		fold := fingerprints.Fold(s).Folded
		if n.chars = len(fold); n.chars < shortestLine || n.chars > longestLine {
			continue
		}
		n.folded = string(fold)
		sum := sha256.Sum256([]byte(n.folded))
		n.hash = int64(binary.BigEndian.Uint64(sum[:8])) //nolint:gosec // every bit pattern is a hash
		n.running = n.chars >= runningLine && strings.ContainsAny(s, "，。！？；")
		list = append(list, n)
	}
	return list
}

// textDigest is the hex SHA-256 of a folded text, or empty where it is too short
// to be an article.
func textDigest(text string) string {
	fold := fingerprints.Fold(text).Folded
	if len(fold) < ownChars {
		return ""
	}
	sum := sha256.Sum256([]byte(string(fold)))
	return hex.EncodeToString(sum[:])
}
