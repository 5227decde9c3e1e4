package portal_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"rightsdesk/config"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/portal"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// site is the portal on a port of this machine, over a store of its own.
type site struct {
	*httptest.Server

	db     *store.DB
	office *claims.Office
	data   string
	client *http.Client // as a browser without JavaScript: no jar, no redirects
}

func open(tb testing.TB, filings int) *site {
	tb.Helper()
	return openAt(tb, filings, "")
}

// openAt opens the portal of a service that others reach at an address.
func openAt(tb testing.TB, filings int, public string) *site {
	tb.Helper()
	dir := tb.TempDir()
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = filepath.Join(dir, "data"), filepath.Join(dir, "proofs.key")
	cfg.PublicURL = public
	cfg.Paper = config.Paper{
		Name: "Linjiang Daily", Owner: "Linjiang Daily Press", Address: "1 Binhe Road", Phone: "0570-555 0100", Email: "copyright@linjiang.example", Contact: "Rights desk",
	}
	db, err := store.Open(tb.Context(), filepath.Join(dir, "test.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	office, err := claims.New(tb.Context(), claims.Options{DB: db, Config: cfg})
	if err != nil {
		tb.Fatal(err)
	}
	policy, err := policies.Default()
	if err != nil {
		tb.Fatal(err)
	}
	for _, a := range []rights.Article{
		{ID: "a-1", Paper: "临江日报", IssueDate: "2026-11-02", PageNo: "05", PageName: "副刊·江声", Headline: "渡口的灯", URL: "http://epaper.linjiang.example/html/2026-11/02/content_5_1.htm", Paragraphs: []string{"灯还亮着。"}},
		{ID: "a-2", Paper: "临江日报", IssueDate: "2026-11-09", PageNo: "06", PageName: "副刊·江声", Headline: "渡口的灯与船", URL: "http://epaper.linjiang.example/html/2026-11/09/content_6_2.htm", Paragraphs: []string{"船靠了岸。"}},
	} {
		err := db.Update(tb.Context(), func(tx *store.Tx) error { return tx.PutArticle(tb.Context(), &a, a.ID) })
		if err != nil {
			tb.Fatal(err)
		}
	}
	e := echo.New()
	e.IPExtractor = echo.ExtractIPDirect()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc { // as strict as the server
		return func(c echo.Context) error {
			c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'")
			return next(c)
		}
	})
	status := func(err error) int {
		if he, ok := errors.AsType[*echo.HTTPError](err); ok {
			return he.Code
		}
		if code := map[rights.Kind]int{rights.NotFound: 404, rights.TooLarge: 413, rights.TooMany: 429, rights.Invalid: 422, rights.Conflict: 409}[rights.KindOf(err)]; code != 0 {
			return code
		}
		return 500
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(status(err), err.Error()) }
	portal.Register(e, portal.Options{Claims: office, Policy: policy, Config: cfg, Filings: filings, Status: status})
	s := &site{Server: httptest.NewServer(e), db: db, office: office, data: cfg.Data}
	tb.Cleanup(s.Close)
	s.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

// answer is what came back.
type answer struct {
	*http.Response

	body string
}

func (s *site) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, string(b)}
}

func (s *site) get(t *testing.T, path string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, r)
}

// post sends a form as a browser does; files are kind, name and content.
func (s *site) post(t *testing.T, path string, values url.Values, files ...upload) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, list := range values {
		for _, v := range list {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile("proofs."+f.kind, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.content); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.CreateFormFile("proofs.authority", ""); err != nil { // an input where nothing was chosen
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return s.do(t, r)
}

type upload struct {
	kind, name string
	content    []byte
}

func pdf(kind, name string) upload {
	return upload{kind, name, fmt.Appendf(nil, "%%PDF-1.7\n%% proof %s of Gu Wangshu, 110101199001011234\n%%%%EOF\n", kind)}
}

func photo(t *testing.T, kind, name string) upload {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return upload{kind, name, b.Bytes()}
}

// complete is a form with everything but files.
func complete() url.Values {
	return url.Values{
		"key": {claims.NewKey()}, "action": {"file"}, "page": {"http://epaper.linjiang.example/html/2026-11/02/content_5_1.htm"},
		"claimant.kind": {"person"}, "claimant.name": {"Gu Wangshu"}, "claimant.email": {"gu@wangshu.example"},
		"work.title": {"The lamp at the ferry"}, "work.published": {"May 2024"}, "wrongs": {"copied", "unpaid"},
		"details": {"All of the second paragraph.\nIt is mine <b>word for word</b>."}, "asked": {"credit", "pay"},
		"truth": {"1"}, "consent": {"1"}, "consent_id": {"1"},
	}
}

// file files a claim and returns the path of its private page.
func (s *site) file(t *testing.T, values url.Values, files ...upload) string {
	t.Helper()
	res := s.post(t, "/claim", values, files...)
	if res.StatusCode != http.StatusSeeOther || !regexp.MustCompile(`^/claim/[\w-]{43,}$`).MatchString(res.Header.Get("Location")) {
		t.Fatalf("filing: %d %q\n%s", res.StatusCode, res.Header.Get("Location"), res.body)
	}
	return res.Header.Get("Location")
}

// has fails where a text that is wanted is not on the page.
func (a answer) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s %d: no %q", a.Request.URL.Path, a.StatusCode, text)
		}
	}
}

func (a answer) hasNot(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("%s %d: there is %q", a.Request.URL.Path, a.StatusCode, text)
		}
	}
}
