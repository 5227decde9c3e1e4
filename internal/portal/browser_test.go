package portal_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"rightsdesk/internal/testenv"
)

// browser is a real Chromium at the width of a phone.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := testenv.Program(t, "chromium")
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(390, 844))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	return ctx
}

// A claim is filed on a phone: the chosen files stay chosen while faults are
// corrected, and no page is wider than the screen.
func TestOnAPhone(t *testing.T) {
	s := open(t, 0)
	ctx := browser(t)
	dir := t.TempDir()
	identity, ownership := filepath.Join(dir, "id card.pdf"), filepath.Join(dir, "issue 3.png")
	for name, content := range map[string][]byte{identity: pdf("identity", "").content, ownership: photo(t, "ownership", "").content} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	read := func(script string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	click := func(sel string) chromedp.Action[chromedp.Void] {
		return chromedp.Evaluate[chromedp.Void]("document.querySelector(`" + sel + "`).click()")
	}
	fits := func() {
		t.Helper()
		if got := read(`location.pathname + " " + document.documentElement.scrollWidth`); !strings.HasSuffix(got, " 390") {
			t.Errorf("the width of %s, wants 390", got)
		}
	}

	do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	for _, path := range []string{"/?lang=en", "/privacy", "/claim"} {
		do(chromedp.Navigate(s.URL + path))
		fits()
	}
	do(
		chromedp.SendKeys(`[name="page"]`, "渡口的灯"),
		chromedp.SetUploadFiles(`[name="proofs.identity"]`, []string{identity}),
		chromedp.SetUploadFiles(`[name="proofs.ownership"]`, []string{ownership}),
		click(`button[value="file"].button`), chromedp.WaitVisible(`#problem`),
	)
	fits()
	faults := read(`document.querySelector("#problem").innerText`)
	files := read(`[...document.querySelectorAll("input[type=file]")].flatMap(i => [...i.files]).map(f => f.name).join(", ")`)
	if files != "id card.pdf, issue 3.png" || strings.Contains(faults, "Proof of") || !strings.Contains(faults, "Title of the work") {
		t.Errorf("the files chosen are now %q; the faults: %s", files, faults)
	}
	if read(`document.activeElement.id`) != "problem" {
		t.Error("the list of faults has no focus")
	}
	do(
		click(`[name="claimant.kind"][value="person"]`),
		chromedp.SendKeys(`[name="claimant.name"]`, "Gu Wangshu"), chromedp.SendKeys(`[name="claimant.phone"]`, "0570 555 0100"),
		chromedp.SendKeys(`[name="work.title"]`, "The lamp"), chromedp.SendKeys(`[name="details"]`, strings.Repeat("x", 200)),
		click(`[name="wrongs"][value="copied"]`), click(`[name="asked"][value="pay"]`),
		click(`[name="truth"]`), click(`[name="consent"]`), click(`[name="consent_id"]`),
		click(`header button[lang="zh-CN"]`), chromedp.WaitVisible(`html[lang="zh-CN"] #claim`), // the other language keeps it all
		click(`header button[lang="en"]`), chromedp.WaitVisible(`html[lang="en"] #claim`),
		click(`[name="article"][value="a-1"]`),
		click(`button[value="file"].button`), chromedp.WaitVisible(`.receipt`),
	)
	fits()
	for _, text := range []string{"RC2026-0001", "id card.pdf", "issue 3.png", "Submitted", "渡口的灯", "0570 555 0100"} {
		if got := read(`document.querySelector("main").innerText`); !strings.Contains(got, text) {
			t.Errorf("filed, and no %q:\n%s", text, got)
		}
	}
	do(click(`.withdraw summary`), click(`.withdraw button`), chromedp.WaitVisible(`.state-withdrawn`)) // a form without script
}
