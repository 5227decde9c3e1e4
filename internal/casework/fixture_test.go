package casework_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rightsdesk/config"
	"rightsdesk/fingerprints"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// house is a desk over a real store, with one page to look at.
type house struct {
	*testing.T
	db     *store.DB
	cfg    config.Config
	policy *policies.Set
	cases  *casework.Cases
	sight  casework.Sight
	looked int
	shelf  *shelf.Shelf // nil: the data folder alone
}

const (
	pageURL = "http://www.yuncheng.example/news/8812.html"
	digestA = "aaaa"
)

func reviewer() rights.Actor {
	return rights.Actor{Login: "shen", Name: "沈知远", Role: rights.RoleReviewer}
}

func counsel() rights.Actor {
	return rights.Actor{Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel}
}

func open(t *testing.T) *house {
	t.Helper()
	return openAt(t, t.TempDir())
}

// openAt opens the desk over a data folder.
func openAt(t *testing.T, data string) *house {
	t.Helper()
	return openOn(t, data, filepath.Join(data, "rightsdesk.db"))
}

// openOn opens the desk over a data folder and a database.
func openOn(t *testing.T, data, database string) *house {
	t.Helper()
	h := &house{T: t, sight: casework.Sight{Shown: true, Detail: "页面仍载有涉案文字"}}
	var err error
	if h.policy, err = policies.Default(); err != nil {
		t.Fatal(err)
	}
	h.cfg = config.Default()
	h.cfg.Data = data
	h.cfg.Paper = config.Paper{
		Name: "临江日报", Owner: "临江日报社", IDNumber: "00000000LINJIANG00", Representative: "周既明", Address: "临江市望江区滨河路1号",
		Contact: "版权管理部", Phone: "000-0000000", Email: "banquan@linjiang.example", Website: "http://epaper.linjiang.example/",
	}
	if h.db, err = store.Open(t.Context(), database, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.rewire()
	return h
}

// rewire makes the desk anew after a change of configuration.
func (h *house) rewire() {
	h.cases = casework.New(casework.Options{DB: h.db, Policy: h.policy, Config: h.cfg, Shelf: h.shelf, Look: func(context.Context, *rights.Case) (casework.Sight, error) {
		h.looked++
		return h.sight, nil
	}})
}

func (h *house) update(f func(context.Context, *store.Tx) error) {
	h.Helper()
	if err := h.db.Update(h.Context(), func(tx *store.Tx) error { return f(h.Context(), tx) }); err != nil {
		h.Fatal(err)
	}
}

func read(tb testing.TB, name string) []string {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// pier is a staff article whose owner somebody verified.
func (h *house) pier() *rights.Article {
	h.Helper()
	print := time.Date(2026, 1, 6, 22, 0, 0, 0, time.UTC)
	a := &rights.Article{
		Paper: "临江日报", IssueDate: "2026-01-07", PageNo: "02", PageName: "要闻·综合", Headline: "老码头的灯又亮了", Subtitle: "——旧港改造一年间",
		Bylines: []string{"何小满", "罗听雨"}, CreditLine: "本报记者 何小满 罗听雨", Genre: rights.GenreFeature, PrintAt: &print,
		URL: "http://epaper.linjiang.example/html/2026-01/07/content_02_3.htm", Paragraphs: read(h, "pier.txt"),
		Reservations: []rights.Reservation{{Text: "本网所有内容未经授权不得转载", Strength: rights.StrengthWeak}},
	}
	a.Segments = []rights.Segment{{End: utf8.RuneCountInString(a.Text()), Owner: rights.OwnerStaff, Basis: rights.BasisStaff}}
	verify(&a.Segments[0])
	return h.register(a)
}

// flood is a staff article with a paragraph of wire copy, which nobody verified.
func (h *house) flood() *rights.Article {
	h.Helper()
	a := &rights.Article{
		Paper: "临江日报", IssueDate: "2026-01-07", PageNo: "01", PageName: "头版", Headline: "洪峰今晨过境", CreditLine: "本报讯", Genre: rights.GenreNews,
		Paragraphs: read(h, "flood.txt"),
	}
	at := 0
	for i, p := range a.Paragraphs {
		s := rights.Segment{Start: at, End: at + utf8.RuneCountInString(p), Owner: rights.OwnerStaff, Basis: rights.BasisStaff}
		if i == 2 {
			s.Owner, s.Basis, s.Holder = rights.OwnerWire, rights.BasisWire, "新华社"
		}
		a.Segments, at = append(a.Segments, s), s.End+1
	}
	return h.register(a)
}

func (h *house) register(a *rights.Article) *rights.Article {
	h.Helper()
	a.ID = rights.ArticleID(a.Paper, a.IssueDate, a.PageNo, a.Headline)
	if err := a.Validate(); err != nil {
		h.Fatal(err)
	}
	h.update(func(ctx context.Context, tx *store.Tx) error { return tx.PutArticle(ctx, a, "") })
	return a
}

func verify(s *rights.Segment) {
	at := time.Date(2026, 1, 8, 2, 0, 0, 0, time.UTC)
	s.VerifiedBy, s.VerifiedAt = "沈知远", &at
}

// page is a look at a page.
type page struct {
	text, title, digest string
	at                  time.Time
	facts               func(*policies.Facts)
	parts               int
}

// match finds the article on the page and judges it, as a sweep does.
func (h *house) match(a *rights.Article, p page) *rights.Match {
	h.Helper()
	x := fingerprints.NewIndex()
	x.Add(fingerprints.Article{ID: a.ID, Title: a.Headline, Text: a.Text()})
	found, err := x.Match(h.Context(), fingerprints.Page{Title: p.title, Text: p.text})
	if err != nil || len(found) != 1 {
		h.Fatalf("%d matches", len(found))
	}
	if p.digest == "" {
		p.digest = digestA
	}
	if p.at.IsZero() {
		p.at = time.Date(2026, 1, 8, 1, 2, 3, 0, time.UTC)
	}
	m := &rights.Match{
		URL: pageURL, ArticleID: a.ID, SourceID: "yuncheng", SeenAt: p.at, Found: found[0],
		Capture: rights.Capture{Title: p.title, Text: p.text, Charset: "gb18030", Digest: p.digest},
	}
	for i := range max(1, p.parts) {
		url := pageURL
		if i > 0 {
			url = strings.Replace(pageURL, ".html", "_"+string(rune('1'+i))+".html", 1)
		}
		m.Evidence = append(m.Evidence, rights.Evidence{
			File: "rightsdesk-20260108-00001.warc.gz", Offset: int64(1000 * i), Length: 900, SHA256: strings.Repeat("3b1f", 16),
			RecordID: "<urn:uuid:5f1c8a7e-0000-4000-8000-2d1e6b0c9a11>", URL: url, FetchedAt: p.at,
		})
	}
	m.Facts = policies.Facts{
		Matched: 400, MatchedOwn: 400, Containment: found[0].Coverage, Gross: found[0].Coverage, PageShare: found[0].PageCoverage,
		LongestRun: float64(found[0].LongestRun), Chars: float64(utf8.RuneCountInString(a.Text())), Genre: string(a.Genre), HasQuote: true,
		Reservation: string(a.Reservation().Strength), AuthorKnown: len(a.Bylines) > 0, TitleKnown: true,
		TitleSimilarity: policies.TitleSimilarity(a.Headline, p.title), OperatorRole: "publisher", Online: true,
	}
	if p.facts != nil {
		p.facts(&m.Facts)
	}
	m.Capture.Attribution.Source, m.Capture.Attribution.Author = m.Facts.SourceNamed, m.Facts.AuthorNamed
	if m.Facts.SourceNamed {
		m.Capture.Attribution.SourceText = "临江日报"
	}
	if m.Verdict, err = h.policy.Evaluate(m.Facts); err != nil {
		h.Fatal(err)
	}
	return m
}

func operator() rights.Operator {
	return rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher, ICP: "云ICP备00000001号", Address: "云城市南湖区柳荫路9号", Email: "legal@yuncheng.example"}
}

// file opens or joins a case as a sweep does, and returns the case.
func (h *house) file(matches ...*rights.Match) *rights.Case {
	h.Helper()
	var k *rights.Case
	h.update(func(ctx context.Context, tx *store.Tx) error {
		for _, m := range matches {
			if _, err := h.cases.Open(ctx, tx, m, operator()); err != nil {
				return err
			}
			if _, err := tx.AddMatch(ctx, m); err != nil {
				return err
			}
		}
		var err error
		if matches[0].CaseID != "" {
			k, err = tx.Case(ctx, matches[0].CaseID)
		}
		return err
	})
	return k
}

// copied is a whole copy without credit, with a number changed.
func (h *house) copied(a *rights.Article) *rights.Match {
	h.Helper()
	text := "昨晚，云城的朋友圈被一盏灯刷屏了。\n" + strings.Replace(a.Text(), "历时11个月", "历时12个月", 1) + "\n责任编辑：小云"
	return h.match(a, page{text: text, title: "旧码头亮灯了！网友：太美", facts: func(f *policies.Facts) { f.NumbersChanged = 1 }})
}

func (h *house) answerAll(id string) {
	h.Helper()
	for _, q := range h.read(id).Questions {
		if _, err := h.cases.Answer(h.Context(), reviewer(), id, rights.Answer{Question: q.ID, Reason: "通篇为记者采写的特写，有独创表达"}); err != nil {
			h.Fatal(err)
		}
	}
}

func (h *house) read(id string) *casework.File {
	h.Helper()
	f, err := h.cases.File(h.Context(), counsel(), id)
	if err != nil {
		h.Fatal(err)
	}
	return f
}

func (h *house) move(by rights.Actor, id string, m casework.Move) *rights.Case {
	h.Helper()
	k, err := h.cases.Move(h.Context(), by, id, m)
	if err != nil {
		h.Fatalf("%s: %v", m.Name, err)
	}
	return k
}

func toEmail() *rights.Sending {
	return &rights.Sending{To: "legal@yuncheng.example", How: rights.ChannelEmail, Detail: "邮件编号 0001"}
}

// bring takes a case to a state by the shortest way.
func (h *house) bring(id string, to rights.CaseState) {
	h.Helper()
	steps := map[rights.CaseState][]string{
		rights.CaseOpen: {}, rights.CaseHeld: {"hold"}, rights.CaseCleared: {"clear"}, rights.CaseConfirmed: {"confirm"},
		rights.CaseApproved: {"confirm", "approve"}, rights.CaseSent: {"confirm", "approve", "send"}, rights.CaseClosed: {"confirm", "approve", "send", "close"},
	}
	for _, name := range steps[to] {
		m, by := casework.Move{Name: name, Reason: "经核对"}, reviewer()
		switch name {
		case "approve":
			h.answerAll(id)
			by = counsel()
		case "send":
			m.Sending = toEmail()
		}
		h.move(by, id, m)
	}
}

func licence() config.Licence {
	return config.Licence{ID: "L-2026-09", Licensee: "云城网", Hosts: []string{"yuncheng.example"}, From: "2026-01-01"}
}
