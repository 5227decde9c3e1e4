package portal

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/config"
	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

//go:embed templates/*.html assets/*
var files embed.FS

// screens are the parsed pages by language and name.
type screens struct {
	assets assets
	pages  map[string]map[string]*template.Template
}

func load() screens {
	s := screens{assets: assets{css: loadAsset("portal.css", "text/css"), js: loadAsset("portal.js", "text/javascript")}, pages: map[string]map[string]*template.Template{}}
	for _, lang := range []string{"zh-CN", "en"} {
		l := locale.Locale{Lang: lang}
		layout := template.Must(template.New("").Funcs(funcs(l)).ParseFS(files, "templates/layout.html", "templates/parts.html"))
		s.pages[lang] = map[string]*template.Template{}
		for _, name := range []string{"home", "privacy", "form", "status"} {
			s.pages[lang][name] = template.Must(template.Must(layout.Clone()).ParseFS(files, "templates/"+name+".html"))
		}
	}
	return s
}

type assets struct{ css, js asset }

// asset is a file whose path changes with its content.
type asset struct {
	path, mediaType string
	content         []byte
}

func loadAsset(name, mediaType string) asset {
	content, _ := fs.ReadFile(files, "assets/"+name)
	sum := sha256.Sum256(content)
	base, ext, _ := strings.Cut(name, ".")
	return asset{path: "/assets/" + base + "-" + hex.EncodeToString(sum[:6]) + "." + ext, mediaType: mediaType + "; charset=utf-8", content: content}
}

func (a assets) register(e *echo.Echo) {
	for _, f := range []asset{a.css, a.js} {
		e.GET(f.path, func(c echo.Context) error {
			c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			return c.Blob(http.StatusOK, f.mediaType, f.content)
		})
	}
}

// page is one answer as HTML.
type page struct {
	Name    string // of the template
	Title   string // in Chinese
	Path    string // of the page itself, for the choice of language
	Private bool   // behind a private link
	Problem *problem
	Form    *formView // set where the choice of language must keep what was typed
	Data    any

	// The rest is filled by render.
	Lang, CSS, JS string
	Paper         config.Paper
}

// problem is why a form was refused.
type problem struct {
	Text   string
	Faults []fault
	err    error
}

// fault is one fault with its place on the page.
type fault struct {
	rights.Field

	ID    string // of the element
	Label string // in the language of the reader
}

func problemOf(l locale.Locale, err error) *problem {
	p := &problem{Text: l.Error(err), err: err}
	for _, f := range l.Fields(err) {
		id, place := cutPlace(f.Name)
		label := l.T(fieldLabel(id))
		if place > 0 {
			label = l.T("%s（第 %d 个文件）", label, place)
		}
		p.Faults = append(p.Faults, fault{Field: f, ID: id, Label: label})
	}
	return p
}

// Of is what is wrong with a field, the faults of its files included.
func (p *problem) Of(field string) []fault {
	var list []fault
	if p != nil {
		for _, f := range p.Faults {
			if f.ID == field {
				list = append(list, f)
			}
		}
	}
	return list
}

// render writes a page. It is written whole or not at all.
func (p *portal) render(c echo.Context, pg page) error {
	l := locale.Of(c.Request())
	pg.Lang, pg.CSS, pg.JS, pg.Paper = l.Lang, p.screens.assets.css.path, p.screens.assets.js.path, p.config.Paper
	var b bytes.Buffer
	if err := p.screens.pages[l.Lang][pg.Name].ExecuteTemplate(&b, "layout", pg); err != nil {
		return err
	}
	locale.Remember(c.Response(), c.Request())
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if pg.Private {
		h.Set("X-Robots-Tag", "noindex, nofollow")
	}
	code := http.StatusOK
	if pg.Problem != nil {
		code = p.statusOf(pg.Problem.err)
	}
	return c.HTMLBlob(code, b.Bytes())
}
