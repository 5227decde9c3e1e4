package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
)

// WriteIssue writes the issue below a folder as the paper's systems would export
// it: the e-paper's article and layout pages below epaper/, and what the online
// desk published, as JSON lines, in online.jsonl.
func (s *Sample) WriteIssue(dir string) error {
	files, err := s.ePaper()
	if err != nil {
		return err
	}
	folder := filepath.Join(dir, "epaper", filepath.FromSlash(issuePath))
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			return err
		}
	}
	var online bytes.Buffer
	encoder := json.NewEncoder(&online)
	encoder.SetEscapeHTML(false)
	for _, a := range s.Articles {
		if a.online() {
			if err := encoder.Encode(a.record()); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, "online.jsonl"), online.Bytes(), 0o600)
}

// sheet is what the template of an e-paper page is given.
type sheet struct {
	Paper, Date, Notice string
	Article             *Article // nil on a layout page
	Page                *printed
	Pages               []*printed
}

// printed is a page of the paper.
type printed struct {
	Number, Name string
	Articles     []*Article
}

// File is the name of the layout page.
func (p *printed) File() string { return "node_" + p.Number + ".htm" }

// ePaper renders the pages of the e-paper by their names.
func (s *Sample) ePaper() (map[string][]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"file": (*Article).file,
		// The comment that the e-paper's software leaves its fields in: html/template
		// drops comments, so it is put in as markup. Its values are texts of this package.
		"fields": func(a *Article) template.HTML { return template.HTML(fields(a)) },
	}).ParseFS(content, "templates/epaper/*.html")
	if err != nil {
		return nil, err
	}
	var pages []*printed
	for _, a := range s.Articles {
		if a.online() {
			continue
		}
		i := slices.IndexFunc(pages, func(p *printed) bool { return p.Number == a.Page })
		if i < 0 {
			i = len(pages)
			pages = append(pages, &printed{Number: a.Page, Name: a.Section()})
		}
		pages[i].Articles = append(pages[i].Articles, a)
	}
	files := map[string][]byte{}
	render := func(name, file string, v sheet) error {
		var b bytes.Buffer
		err := t.ExecuteTemplate(&b, name, v)
		files[file] = b.Bytes()
		return err
	}
	for _, p := range pages {
		v := sheet{Paper: Paper, Date: IssueDate, Notice: siteNotice, Page: p, Pages: pages}
		if err := render("node.html", p.File(), v); err != nil {
			return nil, err
		}
		for _, a := range p.Articles {
			v.Article = a
			if err := render("article.html", a.file(), v); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

func fields(a *Article) string {
	return fmt.Sprintf("<!--enpproperty <date>%s 00:00:00.0</date><author>%s</author><title>%s</title><subtitle>%s</subtitle><introtitle>%s</introtitle>"+
		"<pagenum>%s</pagenum><papername>%s</papername><url>%s</url><founder-type>1</founder-type>/enpproperty-->",
		IssueDate, a.Credit, a.Headline, a.Subtitle, a.Kicker, a.Page, Paper, a.URL())
}
