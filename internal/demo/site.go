package demo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rightsdesk/config"
)

// Site is a fictitious site.
type Site struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Host    string   `yaml:"host"`
	Slogan  string   `yaml:"slogan"`
	Layout  string   `yaml:"layout"` // the template of its pages
	Lang    string   `yaml:"lang"`
	Kind    string   `yaml:"kind"` // of the source: urls, list, feed or sitemap
	List    string   `yaml:"list"` // path of the list page, feed or sitemap
	Cron    string   `yaml:"cron"`
	Nav     []string `yaml:"nav"`
	Robots  string   `yaml:"robots"`
	Charset string   `yaml:"charset"` // of the bytes; the pages always say utf-8
	About   string   `yaml:"about"`   // in the footer

	Operator config.Operator `yaml:"operator"`
}

// Page is a page of a site.
type Page struct {
	Name     string   `yaml:"-"` // of its file
	SiteID   string   `yaml:"site"`
	Path     string   `yaml:"path"`
	Title    string   `yaml:"title"`
	Date     string   `yaml:"date"` // as printed
	Source   string   `yaml:"source"`
	Author   string   `yaml:"author"`
	Editor   string   `yaml:"editor"`
	Comments []string `yaml:"comments"` // "name: text"
	// Replace alters what is copied.
	Replace []Alteration `yaml:"replace"`
	// Expect names the rule that decides, by article.
	Expect map[string]string `yaml:"expect"`
	// Refused says that robots.txt forbids the page.
	Refused bool      `yaml:"refused"`
	Site    *Site     `yaml:"-"`
	Parts   [][]Block `yaml:"-"`
}

// Alteration is what a site changed in a text.
type Alteration struct {
	Old string `yaml:"old"`
	New string `yaml:"new"`
}

// Block is a paragraph, or a link where it has a URL.
type Block struct{ Text, URL string }

// URL is the address of the page.
func (p *Page) URL() string { return "http://" + p.Site.Host + p.Path }

// PartPath is the path of the nth part, from 1.
func (p *Page) PartPath(n int) string {
	if n == 1 {
		return p.Path
	}
	base, ext := p.Path, ""
	if i := strings.LastIndexByte(p.Path, '.'); i >= 0 {
		base, ext = p.Path[:i], p.Path[i:]
	}
	return base + "_" + strconv.Itoa(n) + ext
}

func (s *Sample) addPage(name string, head []byte, lines []string) error {
	p := &Page{Name: name, Parts: [][]Block{nil}}
	if err := strict(head, p); err != nil {
		return err
	}
	if p.Site = s.sites[p.SiteID]; p.Site == nil {
		return fmt.Errorf("there is no site %q", p.SiteID)
	}
	for article := range p.Expect {
		if s.articles[article] == nil {
			return fmt.Errorf("there is no article %q", article)
		}
	}
	for _, line := range lines {
		if err := s.addLine(p, line); err != nil {
			return err
		}
	}
	s.Pages = append(s.Pages, p)
	return p.alter()
}

// addLine adds a line of the body: a paragraph, or one of
//
//	@copy ARTICLE [FIRST-LAST]   paragraphs of an article, from 1
//	@page                        the text goes on on another page
//	@link ARTICLE                its headline, with a link to the e-paper
//	@out HEADLINE URL            a link
func (s *Sample) addLine(p *Page, line string) error {
	last := len(p.Parts) - 1
	add := func(b ...Block) { p.Parts[last] = append(p.Parts[last], b...) }
	words := strings.Fields(line)
	switch {
	case !strings.HasPrefix(line, "@"):
		add(Block{Text: line})
		return nil
	case words[0] == "@page":
		p.Parts = append(p.Parts, nil)
		return nil
	case words[0] == "@out" && len(words) >= 3:
		add(Block{strings.Join(words[1:len(words)-1], " "), words[len(words)-1]})
		return nil
	case len(words) < 2 || s.articles[words[1]] == nil:
		return fmt.Errorf("cannot do %q", line)
	case words[0] == "@link":
		a := s.articles[words[1]]
		add(Block{a.Headline, a.URL()})
		return nil
	}
	paragraphs, err := pick(s.articles[words[1]].Paragraphs, strings.Join(words[2:], ""))
	for _, text := range paragraphs {
		add(Block{Text: text})
	}
	return err
}

// pick takes the paragraphs of a range as 2-4, or all where it is empty.
func pick(all []string, span string) ([]string, error) {
	if span == "" {
		return all, nil
	}
	var first, last int
	if _, err := fmt.Sscanf(span, "%d-%d", &first, &last); err != nil || first < 1 || last < first || last > len(all) {
		return nil, fmt.Errorf("%q is no range of %d paragraphs", span, len(all))
	}
	return all[first-1 : last], nil
}

// alter applies the alterations; one that changes nothing is a fault.
func (p *Page) alter() error {
	var faults []error
	for _, change := range p.Replace {
		done := false
		for _, part := range p.Parts {
			i := slices.IndexFunc(part, func(b Block) bool { return strings.Contains(b.Text, change.Old) })
			if i >= 0 {
				part[i].Text, done = strings.Replace(part[i].Text, change.Old, change.New, 1), true
			}
		}
		if !done {
			faults = append(faults, fmt.Errorf("nothing says %q", change.Old))
		}
	}
	return errors.Join(faults...)
}
