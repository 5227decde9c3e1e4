package claims_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// bench is an office over a store of its own.
type bench struct {
	*claims.Office

	db  *store.DB
	cfg config.Config
}

func open(t *testing.T) *bench {
	t.Helper()
	dir := t.TempDir()
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = filepath.Join(dir, "data"), filepath.Join(dir, "keys.txt")
	db, err := store.Open(t.Context(), filepath.Join(dir, "test.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	office, err := claims.New(t.Context(), claims.Options{DB: db, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []rights.Article{
		{ID: "a-1", IssueDate: "2026-11-02", Headline: "渡口的灯", URL: "http://epaper.linjiang.example/html/2026-11/02/content_5_1.htm"},
		{ID: "a-2", IssueDate: "2026-11-09", Headline: "渡口的灯与船", URL: "http://epaper.linjiang.example/html/2026-11/09/content_6_2.htm"},
	} {
		err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.PutArticle(t.Context(), &a, a.ID) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return &bench{office, db, cfg}
}

func pdf(kind rights.ProofKind, name string) claims.Upload {
	return claims.Upload{Kind: kind, Name: name, Content: []byte("%PDF-1.7\n% 顾望舒 110101199001011234\n%%EOF\n")}
}

// filing is complete.
func filing() claims.Filing {
	return claims.Filing{
		Claimant: rights.Claimant{Name: "顾望舒", Kind: "person", Email: "gu@wangshu.example"},
		Page:     "渡口的灯",
		Work:     rights.ClaimWork{Title: "渡口的灯（散文）"},
		Wrongs:   []rights.Wrong{rights.WrongCopied, rights.WrongUnpaid},
		Details:  "第二段是我的文章。", Asked: []rights.Remedy{rights.RemedyPay},
		Truth: true, Consent: true, ConsentID: true,
		Files: []claims.Upload{pdf(rights.ProofIdentity, "身份证.pdf"), pdf(rights.ProofOwnership, "样刊.pdf")},
	}
}

func (b *bench) file(t *testing.T, f claims.Filing) (*rights.Claim, string) {
	t.Helper()
	c, token, err := b.File(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return c, token
}

// fields are the names of the faulty fields of an error.
func fields(err error) string {
	var e *rights.Error
	if !errors.As(err, &e) || e.Kind != rights.Invalid {
		return fmt.Sprint("not invalid: ", err)
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

func (b *bench) events(t *testing.T, id string) string {
	t.Helper()
	var list []string
	err := b.db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(t.Context(), id)
		for _, e := range events {
			list = append(list, e.Actor+" "+e.Action+" "+e.From+">"+e.To)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, "\n")
}

func counsel() rights.Actor {
	return rights.Actor{Login: "su", Name: "苏律师", Role: rights.RoleCounsel}
}

func reviewer() rights.Actor {
	return rights.Actor{Login: "lin", Name: "林知远", Role: rights.RoleReviewer}
}

func TestFilingIsChecked(t *testing.T) {
	b := open(t)
	big := claims.Upload{Kind: rights.ProofOwnership, Name: "scan.pdf", Content: append([]byte("%PDF-1.7\n"), make([]byte, claims.MaxFileBytes)...)}
	for _, tt := range []struct {
		name   string
		change func(*claims.Filing)
		want   string // the faulty fields, in the order of the form
	}{
		{
			"nothing at all", func(f *claims.Filing) { *f = claims.Filing{} },
			"page claimant.kind claimant.name claimant.email work.title wrongs details asked proofs.identity proofs.ownership truth consent consent_id",
		},
		{"a fault and no files: the list is complete", func(f *claims.Filing) { f.Work.Title, f.Files = "", nil }, "work.title proofs.identity proofs.ownership"},
		{"no way to reach them", func(f *claims.Filing) { f.Claimant.Email = " " }, "claimant.email"},
		{"a phone is enough", func(f *claims.Filing) { f.Claimant.Email, f.Claimant.Phone = "", "+86 (570) 555-0100" }, ""},
		{"no phone", func(f *claims.Filing) { f.Claimant.Phone = "see my card" }, "claimant.phone"},
		{"no e-mail address", func(f *claims.Filing) { f.Claimant.Email = "Gu <gu@wangshu.example>" }, "claimant.email"},
		{"an agent without authority", func(f *claims.Filing) { f.Claimant.Agent = "周代理" }, "claimant.authority proofs.authority"},
		{"authority without an agent", func(f *claims.Filing) { f.Claimant.Authority = "代为主张" }, "claimant.agent"},
		{"unknown wrong and remedy", func(f *claims.Filing) { f.Wrongs, f.Asked = []rights.Wrong{"x"}, []rights.Remedy{"y"} }, "wrongs asked"},
		{"neither true nor agreed", func(f *claims.Filing) { f.Truth, f.Consent, f.ConsentID = false, false, false }, "truth consent consent_id"},
		{"a URL that is none", func(f *claims.Filing) { f.Work.URL = "javascript:alert(1)" }, "work.url"},
		{"too long", func(f *claims.Filing) {
			f.Details, f.Work.Title = strings.Repeat("长", 5001), strings.Repeat("长", 301)
		}, "work.title details"},
		{"just not too long", func(f *claims.Filing) {
			f.Details, f.Work.Title = strings.Repeat("长", 5000), strings.Repeat("长", 300)
		}, ""},
		{"a text named pdf", func(f *claims.Filing) { f.Files[1].Content = []byte("not a PDF") }, "proofs.ownership[0]"},
		{"a program named jpg", func(f *claims.Filing) { f.Files[0].Name, f.Files[0].Content = "id.jpg", []byte("MZ\x90\x00") }, "proofs.identity[0]"},
		{"a page named pdf", func(f *claims.Filing) { f.Files[0].Content = []byte("<html><script>alert(1)</script>") }, "proofs.identity[0]"},
		{"an empty file", func(f *claims.Filing) { f.Files[0].Content = nil }, "proofs.identity[0]"},
		{"the second file of a kind is too large", func(f *claims.Filing) { f.Files = append(f.Files, big) }, "proofs.ownership[1]"},
		{"nine files", func(f *claims.Filing) {
			for range 7 {
				f.Files = append(f.Files, pdf(rights.ProofOwnership, "x.pdf"))
			}
		}, "proofs"},
		{"files for nothing", func(f *claims.Filing) { f.Files = append(f.Files, pdf("passport", "x.pdf")) }, "proofs.passport[0]"},
		{"an article that is gone", func(f *claims.Filing) { f.Article = "a-9" }, "article"},
		{"a title that two articles have", func(f *claims.Filing) { f.Page = "渡口" }, "article"},
		{"a part of a title", func(f *claims.Filing) { f.Page = "灯与船" }, "article"},
		{"a page that is not found", func(f *claims.Filing) { f.Page = "http://epaper.linjiang.example/gone.htm" }, "article"},
		{"a page that is not found, confirmed", func(f *claims.Filing) { f.Page, f.AsGiven = "http://epaper.linjiang.example/gone.htm", true }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := filing()
			tt.change(&f)
			_, _, err := b.File(t.Context(), f)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && fields(err) != tt.want:
				t.Errorf("got  %s\nwant %s", fields(err), tt.want)
			}
		})
	}
	// Three of them were right; of the others nothing is kept.
	_, n, err := b.List(t.Context(), "", 1, 0)
	if err != nil || n != 3 {
		t.Errorf("%d claims, %v; want 3", n, err)
	}
	if folders, err := os.ReadDir(filepath.Join(b.cfg.Data, "proofs")); err != nil || len(folders) != 3 {
		t.Errorf("%d folders of proofs, %v; want 3", len(folders), err)
	}
}

func TestTypesAreTakenByTheirBytes(t *testing.T) {
	b := open(t)
	for name, content := range map[string]string{
		"application/pdf": "%PDF-1.4\n", "image/jpeg": "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/png": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"image/heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/webp": "RIFF\x24\x00\x00\x00WEBPVP8 ",
	} {
		f := filing()
		f.Files[0].Name, f.Files[0].Content = "photo.bin", []byte(content)
		c, _ := b.file(t, f)
		if c.Files[0].MediaType != name || c.Files[0].Name != "photo.bin" || c.Files[0].Size != int64(len(content)) {
			t.Errorf("%s: %+v", name, c.Files[0])
		}
	}
}

func TestPage(t *testing.T) {
	b := open(t)
	for query, want := range map[string]string{
		"http://epaper.linjiang.example/html/2026-11/02/content_5_1.htm":    "a-1",
		"https://EPAPER.linjiang.example/html/2026-11/02/content_5_1.htm#p": "a-1",
		" epaper.linjiang.example/html/2026-11/02/content_5_1.htm ":         "a-1",
		"《渡口的灯与船》":                                                          "a-2",
		"渡口":                                                                "a-2 a-1",
		"content_6":                                                         "a-2",
		"渡":                                                                 "",
		"":                                                                  "",
		"100%":                                                              "",
	} {
		list, err := b.Pages(t.Context(), query)
		var ids []string
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", query, got, err, want)
		}
	}
	f := filing()
	f.Page = "epaper.linjiang.example/html/2026-11/09/content_6_2.htm"
	if c, _ := b.file(t, f); c.ArticleID != "a-2" || c.Page != f.Page {
		t.Errorf("by URL: %+v", c)
	}
	f.Page, f.Article = "渡口", "a-1"
	if c, _ := b.file(t, f); c.ArticleID != "a-1" {
		t.Errorf("chosen: %+v", c)
	}
	f.Article, f.AsGiven = "", true
	if c, _ := b.file(t, f); c.ArticleID != "" || c.Page != "渡口" {
		t.Errorf("as given: %+v", c)
	}
}

func TestFilingTwice(t *testing.T) {
	b := open(t)
	f := filing()
	f.Key = claims.NewKey()
	ids, tokens := make([]string, 4), make([]string, 4)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			c, token, err := b.File(t.Context(), f)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i], tokens[i] = c.ID, token
		})
	}
	all.Wait()
	if slices.Sort(ids); ids[0] != ids[3] || tokens[0] != tokens[1] {
		t.Errorf("one filing made the claims %v under %v", ids, tokens)
	}
	f.Details += "还有第三段。"
	if c, token := b.file(t, f); c.ID == ids[0] || token == tokens[0] {
		t.Error("another content is another claim")
	}
	f.Key = "short"
	one, _ := b.file(t, f)
	if two, _ := b.file(t, f); one.ID == two.ID {
		t.Error("without a key every filing is a claim of its own")
	}
}

func TestProofs(t *testing.T) {
	b := open(t)
	f := filing()
	f.Files[0].Name = "C:\\scans\\../身份\x00证\u202e.pdf"
	c, _ := b.file(t, f)
	p := c.Files[0]
	if p.Name != "身份证.pdf" || !strings.HasPrefix(p.File, "proofs/"+c.ID+"/") {
		t.Errorf("kept as %q in %q", p.Name, p.File)
	}
	name := filepath.Join(b.cfg.Data, p.File)
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("110101199001011234")) || bytes.Contains(raw, []byte("%PDF")) || !bytes.HasPrefix(raw, []byte("age-encryption.org/v1")) {
		t.Errorf("the file on disk is not encrypted: %q", raw[:60])
	}
	for _, path := range []string{name, b.cfg.KeyFile} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}

	if _, _, err := b.OpenProof(t.Context(), reviewer(), c.ID, p.ID); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("a reviewer opens a proof: %v", err)
	}
	if _, _, err := b.OpenProof(t.Context(), rights.SystemActor(), c.ID, p.ID); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("the machine opens a proof: %v", err)
	}
	if _, _, err := b.OpenProof(t.Context(), counsel(), "RC2026-9999", p.ID); rights.KindOf(err) != rights.NotFound {
		t.Errorf("under another claim: %v", err)
	}
	if got := b.events(t, c.ID); strings.Contains(got, "proof.opened") {
		t.Errorf("nothing was opened yet:\n%s", got)
	}
	got, content, err := b.OpenProof(t.Context(), counsel(), c.ID, p.ID)
	if err != nil || !bytes.Equal(content, f.Files[0].Content) || got.MediaType != "application/pdf" {
		t.Errorf("opened: %+v %q %v", got, content, err)
	}
	if got := b.events(t, c.ID); !strings.HasSuffix(got, "su proof.opened >") {
		t.Errorf("the opening is not in the record:\n%s", got)
	}
	if record, err := b.Record(t.Context(), c.ID); err != nil || len(record) != 1 || record[0].Actor != "" {
		t.Errorf("what the claimant sees: %+v %v", record, err)
	}
}

// An opening that cannot be recorded gives nothing.
func TestOpeningNeedsItsRecord(t *testing.T) {
	b := open(t)
	c, _ := b.file(t, filing())
	if err := b.db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, content, err := b.OpenProof(t.Context(), counsel(), c.ID, c.Files[0].ID); err == nil || content != nil {
		t.Errorf("%q %v", content, err)
	}
}

func TestVerifyProofs(t *testing.T) {
	b := open(t)
	c, _ := b.file(t, filing())
	verify := func() string {
		var faults []string
		err := claims.VerifyProofs(t.Context(), &shelf.Shelf{DB: b.db, Dir: b.cfg.Data}, func(p rights.Proof, err error) {
			faults = append(faults, fmt.Sprint(p.ID, " ", rights.KindOf(err)))
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(faults, "; ")
	}
	if got := verify(); got != "" {
		t.Errorf("untouched: %s", got)
	}
	first, second := filepath.Join(b.cfg.Data, c.Files[0].File), filepath.Join(b.cfg.Data, c.Files[1].File)
	raw, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := errors.Join(os.WriteFile(first, raw, 0o600), os.Remove(second)); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(c.Files[0].ID, " ", rights.Conflict, "; ", c.Files[1].ID, " ", rights.NotFound)
	if got := verify(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, _, err := b.OpenProof(t.Context(), counsel(), c.ID, c.Files[0].ID); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a changed file opens: %v", err)
	}
}

// A disk that takes no files leaves no claim.
func TestNothingIsHalfDone(t *testing.T) {
	b := open(t)
	if err := os.WriteFile(filepath.Join(b.cfg.Data, "proofs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.File(t.Context(), filing()); err == nil || rights.KindOf(err) != rights.Internal {
		t.Errorf("filed without its files: %v", err)
	}
	if _, n, err := b.List(t.Context(), "", 1, 0); n != 0 || err != nil {
		t.Errorf("%d claims, %v", n, err)
	}
}
