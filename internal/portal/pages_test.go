package portal_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

func TestFile(t *testing.T) {
	s := open(t, 0)
	values := complete()
	path := s.file(t, values, pdf("identity", "id card.pdf"), photo(t, "ownership", "issue 3.png"))
	page := s.get(t, path+"?lang=en")
	page.has(t, "RC2026-0001", s.URL+path, "Submitted", "渡口的灯", "The lamp at the ferry", "id card.pdf", "issue 3.png",
		"It is mine &lt;b&gt;word for word&lt;/b&gt;.", "By ")
	page.hasNot(t, "<b>word for word", "110101199001011234", "proofs/RC2026")
	if page.Header.Get("Cache-Control") != "no-store" || !strings.Contains(page.Header.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("the private page may be kept or indexed: %v", page.Header)
	}

	// The same form again, as after two taps on the button, is the same claim.
	if again := s.file(t, values, pdf("identity", "id card.pdf"), photo(t, "ownership", "issue 3.png")); again != path {
		t.Errorf("the form was filed twice: %s and %s", path, again)
	}
	if _, n, err := s.office.List(t.Context(), "", 1, 0); n != 1 || err != nil {
		t.Errorf("%d claims, %v", n, err)
	}

	files := 0
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte("110101199001011234")) {
			t.Errorf("%s holds the proof in plain", path)
		}
		return err
	})
	if err != nil || files != 2 {
		t.Errorf("%d files in the data folder, %v", files, err)
	}
}

func TestEverythingThatIsMissingIsSaidAtOnce(t *testing.T) {
	s := open(t, 0)
	res := s.post(t, "/claim?lang=en", url.Values{"action": {"file"}, "claimant.name": {"Gu & Co"}, "asked": {"apology"}})
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Error(res.Status)
	}
	for _, id := range []string{
		"page", "claimant.kind", "claimant.email", "work.title", "wrongs", "details", "proofs.identity", "proofs.ownership", "truth", "consent", "consent_id",
	} {
		res.has(t, `<a href="#`+id+`">`, `id="`+id+`"`, `id="`+id+`-fault"`)
	}
	// What was right is kept, and not blamed.
	res.has(t, `value="Gu &amp; Co"`, `name="asked" value="apology" checked`)
	res.hasNot(t, `href="#asked"`, `href="#claimant.name"`)
	if n := strings.Count(res.body, "<li><a href="); n != 11 {
		t.Errorf("%d faults in the list", n)
	}
}

func TestFilesAreChecked(t *testing.T) {
	s := open(t, 0)
	huge := upload{"ownership", "scan.pdf", append([]byte("%PDF-1.7\n"), make([]byte, claims.MaxFileBytes)...)}
	res := s.post(t, "/claim?lang=en", complete(), upload{"identity", "me.jpg", []byte("<svg onload=alert(1)>")}, pdf("ownership", "a.pdf"), huge)
	res.has(t, "Proof of identity (file 1)", "not one of the types", "Proof of ownership (file 2)", "larger than 10 MiB",
		"The files you chose were not kept", `value="The lamp at the ferry"`)
	if _, n, err := s.office.List(t.Context(), "", 1, 0); n != 0 || err != nil {
		t.Errorf("%d claims, %v", n, err)
	}

	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/claim", strings.NewReader("x"))
	r.ContentLength = 91 << 20
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	w := httptest.NewRecorder()
	s.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "90 MiB") {
		t.Errorf("91 MiB: %d %s", w.Code, w.Body)
	}
}

func TestAgent(t *testing.T) {
	s := open(t, 0)
	values := complete()
	values.Set("claimant.agent", "Zhou")
	res := s.post(t, "/claim", values, pdf("identity", "a.pdf"), pdf("ownership", "b.pdf"))
	res.has(t, `<a href="#claimant.authority">`, `<a href="#proofs.authority">`, "<details open>")
	values.Set("claimant.authority", "to file and to receive the decision")
	path := s.file(t, values, pdf("identity", "a.pdf"), pdf("ownership", "b.pdf"))
	s.get(t, path+"?lang=en").has(t, "Authorisation signed by the rights holder", `id="proofs.authority"`, "Zhou")
}

func TestLookup(t *testing.T) {
	s := open(t, 0)
	values := complete()
	values.Set("action", "lookup")
	values.Set("page", "渡口")
	found := s.post(t, "/claim?lang=en", values)
	found.has(t, "渡口的灯与船", "2 November 2026", "None of these", `value="Gu Wangshu"`, `name="looked" value="渡口"`)
	if found.StatusCode != http.StatusOK {
		t.Error(found.Status)
	}
	values.Set("page", "nowhere")
	s.post(t, "/claim?lang=en", values).has(t, "This page was not found", "It is right; take what I typed")
	s.get(t, "/claim?page=灯与船").has(t, `value="a-2" checked`)

	// A choice that was made for another text does not count.
	values = complete()
	values["page"], values["looked"], values["article"] = []string{"nowhere"}, []string{"渡口"}, []string{"a-2"}
	s.post(t, "/claim", values, pdf("identity", "a.pdf"), pdf("ownership", "b.pdf")).has(t, `<a href="#article">`)
	values["looked"], values["article"] = []string{"nowhere"}, []string{"-"}
	path := s.file(t, values, pdf("identity", "a.pdf"), pdf("ownership", "b.pdf"))
	s.get(t, path).has(t, "<dd>nowhere</dd>")
}

func TestLanguageKeepsWhatWasTyped(t *testing.T) {
	s := open(t, 0)
	values := complete()
	values.Set("action", "show")
	res := s.post(t, "/claim?lang=en", values)
	res.has(t, `<html lang="en">`, `value="Gu Wangshu"`, `name="truth" value="1" checked`, "formaction=\"/claim?lang=zh-CN\"")
	if got := res.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "lang=en;") {
		t.Errorf("the choice is not remembered: %q", got)
	}
}

func TestStatusUntilTheDecision(t *testing.T) {
	s := open(t, 0)
	path := s.file(t, complete())
	page := s.get(t, path+"?lang=en")
	page.has(t, "What is missing", "Proof of identity of the rights holder", "Proof of ownership of the work", "To be completed by")

	res := s.post(t, path+"/complete?lang=en", url.Values{"message": {"only one"}}, pdf("identity", "id.pdf"))
	res.has(t, `<a href="#proofs.ownership">`, "only one</textarea>")
	if res.StatusCode != http.StatusUnprocessableEntity || strings.Contains(s.get(t, path).body, "id.pdf") {
		t.Errorf("%s, or the file was kept", res.Status)
	}
	res = s.post(t, path+"/complete", url.Values{"message": {"both"}}, pdf("identity", "id.pdf"), pdf("ownership", "o.pdf"))
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != path {
		t.Errorf("completed: %s %s", res.Status, res.Header.Get("Location"))
	}
	// A second tap finds the claim completed, and is shown it.
	res = s.post(t, path+"/complete", url.Values{"message": {"both"}}, pdf("identity", "id.pdf"), pdf("ownership", "o.pdf"))
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("a second tap: %s", res.Status)
	}
	page = s.get(t, path+"?lang=en")
	page.has(t, "You sent what was missing", "id.pdf", "o.pdf")
	page.hasNot(t, "What is missing", "/complete")

	counsel := rights.Actor{Login: "su", Name: "Counsel Su", Role: rights.RoleCounsel}
	for _, m := range []claims.Move{
		{Name: "assess"}, {Name: "uphold", Reason: "The <i>words</i> are yours.", Remedies: "We add your name and pay the fee."},
	} {
		if _, err := s.office.Move(t.Context(), counsel, "RC2026-0001", m); err != nil {
			t.Fatal(err)
		}
	}
	page = s.get(t, path+"?lang=en")
	page.has(t, "The decision of the paper", "The &lt;i&gt;words&lt;/i&gt; are yours.", "We add your name and pay the fee.")
	page.hasNot(t, "Counsel Su", "/withdraw")
}

func TestWithdraw(t *testing.T) {
	s := open(t, 0)
	path := s.file(t, complete())
	if res := s.post(t, path+"/withdraw", url.Values{"reason": {"settled"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("%s %s", res.Status, res.body)
	}
	page := s.get(t, path+"?lang=en")
	page.has(t, "Withdrawn", "You withdrew this claim", "settled")
	page.hasNot(t, "/withdraw", "/complete")
}

// The private link is below the address that the configuration names.
func TestPublicAddress(t *testing.T) {
	s := openAt(t, 0, "https://rights.linjiang.example/")
	path := s.file(t, complete())
	s.get(t, path).has(t, `value="https://rights.linjiang.example`+path+`"`)
	s = open(t, 0)
	path = s.file(t, complete())
	s.get(t, path).has(t, `value="`+s.URL+path+`"`)
}

func TestPrivateLinks(t *testing.T) {
	s := open(t, 0)
	s.file(t, complete())
	for _, path := range []string{"/claim/RC2026-0001", "/claim/" + strings.Repeat("A", 43), "/claim/%00", "/claim/RC2026-0001/complete"} {
		if res := s.get(t, path); res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	for _, path := range []string{"/claim/RC2026-0001/complete", "/claim/RC2026-0001/withdraw"} {
		if res := s.post(t, path, url.Values{"message": {"x"}}); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}

func TestLimits(t *testing.T) {
	s := open(t, 2)
	for range 2 {
		s.file(t, complete())
	}
	res := s.post(t, "/claim?lang=en", complete())
	if res.StatusCode != http.StatusTooManyRequests {
		t.Error(res.Status)
	}
	res.has(t, "Too many claims", `value="Gu Wangshu"`)
	for range 20 {
		if res = s.post(t, "/claim", url.Values{}); res.StatusCode == http.StatusTooManyRequests && !strings.Contains(res.body, "<form") {
			return
		}
	}
	t.Errorf("forms without end: %s", res.Status)
}

func TestBrokenForms(t *testing.T) {
	s := open(t, 0)
	for name, body := range map[string]string{
		"cut off":    "--x\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\nabc",
		"many parts": strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", 400) + "--x--\r\n",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/claim", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if res := s.do(t, r); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(res.body, "没有完整送达") {
			t.Errorf("%s: %s %s", name, res.Status, res.body)
		}
	}
}

func TestAssets(t *testing.T) {
	s := open(t, 0)
	home := s.get(t, "/")
	home.has(t, "Linjiang Daily版权与免责声明", "第三方内容", "未经书面授权")
	paths := regexp.MustCompile(`(?:href|src)="(/assets/portal-[0-9a-f]{12}\.(?:css|js))"`).FindAllStringSubmatch(home.body, -1)
	if len(paths) != 2 {
		t.Fatal(paths)
	}
	for _, p := range paths {
		res := s.get(t, p[1])
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s %v", p[1], res.Status, res.Header)
		}
	}
	// Nothing that a strict content security policy would stop.
	for _, path := range []string{"/", "/privacy", "/claim", s.file(t, complete())} {
		res := s.get(t, path)
		if found := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script>`).FindString(res.body); found != "" {
			t.Errorf("%s has %q", path, found)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"proofs.identity\"; filename=\"a.pdf\"\r\n\r\n%PDF-\r\n--x--\r\n"))
	f.Add("application/x-www-form-urlencoded", []byte("page=a&wrongs=copied&%zz"))
	f.Add("text/plain", []byte("x"))
	s := open(f, 1<<30)
	f.Fuzz(func(t *testing.T, mediaType string, body []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/claim", bytes.NewReader(body))
		r.Header.Set("Content-Type", mediaType)
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusOK {
			t.Error(fmt.Sprint(w.Code, w.Body))
		}
	})
}
