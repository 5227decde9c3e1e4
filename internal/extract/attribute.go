package extract

import "strings"

// Attribution says whether a page names the paper and the article's authors.
type Attribution struct {
	Source     bool // the page names the paper as its source
	Author     bool // the page names an author of the article
	Original   bool // the page calls the text its own work
	SourceText string
	AuthorText string
	Where      string // where the source was named, in Chinese
}

// Attribute looks for any of the paper's names as the page's source and for any
// of the article's authors.
func Attribute(d *Document, paper, bylines []string) Attribution {
	a := Attribution{SourceText: d.Source, AuthorText: d.Byline, Original: d.Original != ""}
	text := strings.Split(d.Text, "\n")
	edges := append(append([]string{}, text[:min(len(text), 2)]...), text[max(0, len(text)-3):]...)
	for _, name := range paper {
		if name == "" {
			continue
		}
		if strings.Contains(fold(d.Source), fold(name)) {
			a.Source, a.Where = true, "来源行"
		}
		for _, line := range edges {
			if !a.Source && namesSource(fold(line), fold(name)) {
				a.Source, a.Where, a.SourceText = true, "正文", string([]rune(line)[:min(runes(line), 60)])
			}
		}
	}
	for _, name := range bylines {
		if runes(name) < 2 {
			continue
		}
		if strings.Contains(fold(d.Byline), fold(name)) {
			a.Author = true
		}
		for _, line := range edges {
			if i := strings.Index(line, name); i >= 0 && (runes(line) < 40 || strings.ContainsAny(line[max(0, i-60):i], "者文□员")) {
				a.Author = true
				if a.AuthorText == "" {
					a.AuthorText = name
				}
			}
		}
	}
	return a
}

func namesSource(line, name string) bool {
	for _, form := range []string{"来源" + name, "转自" + name, "据" + name, name + "讯", name + "记者", "摘自" + name, "来自" + name, "来源于" + name, "原载" + name, "刊于" + name} {
		if strings.Contains(line, form) {
			return true
		}
	}
	return false
}
