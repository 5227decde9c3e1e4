package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"

	"rightsdesk/internal/rights"
)

func TestLogin(t *testing.T) {
	h := open(t)
	p := h.anybody()
	p.get("/desk").to("/login?next=%2Fdesk")
	page := p.get("/login?next=/desk/claims").is(http.StatusOK)
	if page.one("h1") != "登录" || len(page.all("nav")) != 0 {
		t.Error("the login page is not right")
	}
	wrong := p.submit(page, "/login", url.Values{"login": {"shen"}, "password": {"wrong"}}).is(http.StatusUnauthorized)
	wrong.says("用户名或密码不正确")
	if wrong.header.Get("Set-Cookie") != "" || !strings.Contains(wrong.body, `value="shen"`) || strings.Contains(wrong.body, `value="wrong"`) {
		t.Error("a wrong login sets a cookie, forgets the name or keeps the password")
	}
	in := p.submit(wrong, "/login", url.Values{"login": {"shen"}, "password": {password}})
	in.to("/desk/claims")
	cookie := in.header.Get("Set-Cookie")
	for _, want := range []string{"session=", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age="} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	desk := p.get("/desk").is(http.StatusOK)
	desk.says("沈知远", "审核员")
	p.submit(desk, "/logout", nil).to("/login")
	p.get("/desk").to("/login?next=%2Fdesk")
}

func TestLoginLeadsNowhereElse(t *testing.T) {
	h := open(t)
	for _, next := range []string{"https://evil.example/", "//evil.example", "/deskx", "/desk/\\evil", "javascript:alert(1)", "/claim"} {
		p := h.anybody()
		p.send(http.MethodPost, "/login", url.Values{"login": {"shen"}, "password": {password}, "next": {next}}).to("/desk")
	}
}

func TestLoginLink(t *testing.T) {
	h := open(t)
	token, err := h.auth.Issue(t.Context(), rights.SystemActor(), rights.Token{Kind: rights.TokenLogin, Name: "link"}, "gu", time.Hour)
	check(h, err)
	p := h.anybody()
	p.get("/login?token=" + token).to("/desk")
	p.get("/desk").is(http.StatusOK).says("顾闻笙", "法务")
	h.anybody().get("/login?token=nonsense").is(http.StatusUnauthorized).says("登录链接无效或已过期")
}

func TestCSRF(t *testing.T) {
	h := open(t)
	h.sweep()
	p, other := h.as("shen"), h.as("gu")
	id := h.caseOn("/bridge.html")
	foreign := attr(cascadia.Query(other.get("/desk/cases/"+id).root, cascadia.MustCompile("input[name=csrf]")), "value")
	for _, token := range []string{"", "x", foreign} {
		p.send(http.MethodPost, "/desk/cases/"+id+"/moves/hold", url.Values{"csrf": {token}, "version": {"1"}, "reason": {"x"}}).is(http.StatusForbidden).
			says("表单已失效")
		p.send(http.MethodPost, "/logout", url.Values{"csrf": {token}}).is(http.StatusForbidden)
	}
	if k := h.readCase(id); k.State != rights.CaseOpen {
		t.Errorf("the case is %s", k.State)
	}
	p.get("/desk").is(http.StatusOK)
}
