package desk

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

//go:embed templates/*.html
var templateFiles embed.FS

// screens are the parsed pages by language and name.
type screens struct {
	assets assets
	pages  map[string]map[string]*template.Template
}

// load parses the pages that are built in, once for each language. The record is said
// with the names that the policy gives.
func load(policy *policies.Set) screens {
	known := names(policy)
	s := screens{assets: loadAssets(), pages: map[string]map[string]*template.Template{}}
	for _, lang := range []string{"zh-CN", "en"} {
		w := words{locale.Locale{Lang: lang}}
		said := template.FuncMap{"said": func(text string) []run { return runs(w.loc.Said(text, known), text) }}
		layout := template.Must(template.New("").Funcs(w.funcs()).Funcs(said).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
		s.pages[lang] = map[string]*template.Template{}
		files, _ := fs.Glob(templateFiles, "templates/*.html") // fails on a wrong pattern only
		for _, file := range files {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
			s.pages[lang][name] = template.Must(template.Must(layout.Clone()).ParseFS(templateFiles, file))
		}
	}
	return s
}

// names are the texts of a policy in English, by the Chinese ones.
func names(policy *policies.Set) map[string]string {
	m := map[string]string{}
	for i := range policy.Rules {
		r := &policy.Rules[i]
		m[r.Label] = r.LabelEN
	}
	for _, q := range policy.Questions {
		m[q.Text] = q.TextEN
	}
	return m
}

// run is a stretch of a text in one language.
type run struct {
	Text    string
	Chinese bool
}

// runs tells the Chinese of a text from the rest. One that is as it was written is
// Chinese.
func runs(text, written string) []run {
	if text == written {
		return []run{{text, true}}
	}
	var list []run
	at := 0
	for _, r := range regexp.MustCompile(`\p{Han}([\p{Han}\p{P}\d]*\p{Han})?`).FindAllStringIndex(text, -1) {
		if r[0] > at {
			list = append(list, run{text[at:r[0]], false})
		}
		list = append(list, run{text[r[0]:r[1]], true})
		at = r[1]
	}
	if at < len(text) {
		list = append(list, run{text[at:], false})
	}
	return list
}

// page is one answer as HTML.
type page struct {
	Name    string // of the template
	Title   string // in Chinese, or text of the data
	Nav     string // the entry of the navigation that it stands under
	Problem *problem
	Kept    kept
	Data    any

	// The rest is filled by render.
	Lang, CSRF, Done, CSS, JS string
	Actor                     rights.Actor
	Languages                 []link
}

type link struct {
	Text, URL string
	Current   bool
}

// Keep is what the person typed into a field of a form that was refused, or
// else the value that it has.
func (p page) Keep(form, field, value string) string {
	if p.Kept.form == form {
		return p.Kept.values.Get(field)
	}
	return value
}

// Open reports whether a form was refused, so that it is shown open.
func (p page) Open(form string) bool { return p.Kept.form == form }

// kept is what was typed into a form.
type kept struct {
	form   string
	values url.Values
}

// problem is why a step was refused.
type problem struct {
	err    error
	Text   string
	Fields []rights.Field
}

func problemOf(l locale.Locale, err error) *problem {
	return &problem{err: err, Text: l.Error(err), Fields: l.Fields(err)}
}

// refused is the answer to a form whose step failed: what was typed is kept.
// An error that the person can do nothing about stays an error.
func refused(c echo.Context, v *visit, err error) (page, error) {
	switch rights.KindOf(err) {
	case rights.Invalid, rights.Conflict, rights.Unavailable, rights.Forbidden, rights.TooMany:
		form := c.Request().PostForm
		return page{Problem: problemOf(v.loc, err), Kept: kept{form: form.Get("form"), values: form}}, nil
	case rights.Internal, rights.Unauthorised, rights.NotFound, rights.TooLarge:
		return page{}, err
	default:
		return page{}, err
	}
}

// render writes a page. It is written whole or not at all.
func (d *desk) render(c echo.Context, v *visit, p page) error {
	p.Lang, p.Actor, p.CSRF = v.loc.Lang, v.actor, v.session.CSRF
	p.CSS, p.JS = d.screens.assets.css.path, d.screens.assets.js.path
	p.Languages = languages(c.Request(), v.loc)
	p.Done = takeDone(c, v.loc)
	var b bytes.Buffer
	if err := d.screens.pages[v.loc.Lang][p.Name].ExecuteTemplate(&b, "layout", p); err != nil {
		return err
	}
	status := http.StatusOK
	if p.Problem != nil {
		status = d.Status(p.Problem.err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

// languages links to the same page in each language; after a refused form, to
// the page that the form stands on.
func languages(r *http.Request, l locale.Locale) []link {
	path, query := r.URL.Path, r.URL.Query()
	if r.Method != http.MethodGet {
		path, query = "/desk", url.Values{}
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && strings.HasPrefix(from.Path, "/") {
			path, query = from.Path, from.Query()
		}
	}
	query.Del("token")
	list := []link{{Text: "中文"}, {Text: "English"}}
	for i, lang := range []string{"zh-CN", "en"} {
		query.Set("lang", lang)
		list[i].URL, list[i].Current = path+"?"+query.Encode(), lang == l.Lang
	}
	return list
}
