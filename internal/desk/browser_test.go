package desk_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/andybalholm/cascadia"
	htmlnode "golang.org/x/net/html"
)

// person is somebody at a browser that follows no redirects.
type person struct {
	*house
	client *http.Client
}

// anybody is not logged in.
func (h *house) anybody() *person {
	h.Helper()
	jar, err := cookiejar.New(nil)
	check(h, err)
	return &person{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as logs somebody in with a password.
func (h *house) as(login string) *person {
	h.Helper()
	p := h.anybody()
	if a := p.send(http.MethodPost, "/login", url.Values{"login": {login}, "password": {password}}); a.status != http.StatusSeeOther {
		h.Fatalf("login of %s: %d", login, a.status)
	}
	return p
}

// answer is a page as it came.
type answer struct {
	*house
	status int
	header http.Header
	body   string
	root   *htmlnode.Node
}

func (p *person) get(path string) *answer {
	p.Helper()
	return p.send(http.MethodGet, path, nil)
}

func (p *person) send(method, path string, form url.Values) *answer {
	p.Helper()
	req, err := http.NewRequestWithContext(p.Context(), method, p.url+path, strings.NewReader(form.Encode()))
	check(p.house, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.client.Do(req)
	check(p.house, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	check(p.house, err)
	root, err := htmlnode.Parse(strings.NewReader(string(b)))
	check(p.house, err)
	return &answer{p.house, resp.StatusCode, resp.Header, string(b), root}
}

// submit fills in a form that stands on a page, as a browser would, and sends
// it: what is given replaces what the form holds.
func (p *person) submit(on *answer, action string, given url.Values) *answer {
	p.Helper()
	form := cascadia.Query(on.root, cascadia.MustCompile(`form[action="`+action+`"]`))
	if form == nil {
		p.Fatalf("there is no form to %s", action)
	}
	return p.send(http.MethodPost, action, filled(form, given))
}

func filled(form *htmlnode.Node, given url.Values) url.Values {
	values := url.Values{}
	for _, in := range cascadia.QueryAll(form, cascadia.MustCompile("input, textarea, select")) {
		name, value := attr(in, "name"), attr(in, "value")
		kind := attr(in, "type")
		switch {
		case in.Data == "textarea":
			value = words(in)
		case in.Data == "select":
			for i, o := range cascadia.QueryAll(in, cascadia.MustCompile("option")) {
				if i == 0 || has(o, "selected") {
					value = attr(o, "value")
				}
			}
		case (kind == "checkbox" || kind == "radio") && !has(in, "checked"):
			continue
		}
		values.Add(name, value)
	}
	maps.Copy(values, given)
	return values
}

func attr(n *htmlnode.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *htmlnode.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// words is the text within a node, white space folded.
func words(n *htmlnode.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == htmlnode.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// all are the texts of what a selector finds.
func (a *answer) all(selector string) []string {
	var list []string
	for _, n := range cascadia.QueryAll(a.root, cascadia.MustCompile(selector)) {
		list = append(list, words(n))
	}
	return list
}

// one is the text of the one thing that a selector finds.
func (a *answer) one(selector string) string {
	a.Helper()
	list := a.all(selector)
	if len(list) != 1 {
		a.Fatalf("%d are %s: %q", len(list), selector, list)
	}
	return list[0]
}

// dense is the text of the page without white space.
func (a *answer) dense() string { return strip(words(a.root)) }

func strip(s string) string { return strings.Join(strings.Fields(s), "") }

// says wants texts to be there, white space aside.
func (a *answer) says(texts ...string) {
	a.Helper()
	page := a.dense()
	for _, s := range texts {
		if !strings.Contains(page, strip(s)) {
			a.Errorf("the page does not say %q", s)
		}
	}
}

// silent wants texts not to be there.
func (a *answer) silent(texts ...string) {
	a.Helper()
	page := a.dense()
	for _, s := range texts {
		if strings.Contains(page, strip(s)) {
			a.Errorf("the page says %q", s)
		}
	}
}

// is wants a status.
func (a *answer) is(status int) *answer {
	a.Helper()
	if a.status != status {
		a.Fatalf("status %d, want %d; location %q; alert %q", a.status, status, a.header.Get("Location"), a.all("[role=alert]"))
	}
	return a
}

// to wants to be led to an address.
func (a *answer) to(location string) {
	a.Helper()
	a.is(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != location {
		a.Fatalf("leads to %q, want %q", got, location)
	}
}
