// Package demo is a sample paper and the fictitious sites that reprint it.
//
// [Load] reads the embedded texts: the articles of one issue of 临江日报
// (issue/), the sites (sites.yaml) and what their pages say (pages/). A page
// tells in its head what a sweep is expected to find on it, and copies
// paragraphs of articles by name, so that every reprint and every alteration is
// plain to see. [Sample.WriteIssue] writes the issue as the paper's systems would
// export it, [Sample.Handler] serves the sites, [Sample.Config] watches them,
// [Sample.Deviations] compares what a sweep found with what was expected.
//
// Everything is invented: paper, places, people, firms and events.
package demo

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed issue pages templates sites.yaml
var content embed.FS

// Sample is the paper's issue and the sites.
type Sample struct {
	Articles []*Article
	Sites    []*Site
	Pages    []*Page
	articles map[string]*Article // by name
	sites    map[string]*Site    // by ID
}

// Load reads the embedded texts.
func Load() (*Sample, error) {
	s := &Sample{articles: map[string]*Article{}, sites: map[string]*Site{}}
	if err := texts("issue", s.addArticle); err != nil {
		return nil, err
	}
	b, err := content.ReadFile("sites.yaml")
	if err != nil {
		return nil, err
	}
	if err := strict(b, &s.Sites); err != nil {
		return nil, fmt.Errorf("sites.yaml: %w", err)
	}
	for _, site := range s.Sites {
		s.sites[site.ID] = site
	}
	if err := texts("pages", s.addPage); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.Pages, func(a, b *Page) int { return strings.Compare(b.Date, a.Date) })
	return s, nil
}

// texts hands the text files of a folder to add: the name without .txt, the
// head above the line "---", the lines below it.
func texts(dir string, add func(name string, head []byte, lines []string) error) error {
	files, err := fs.Glob(content, dir+"/*.txt")
	if err != nil {
		return err
	}
	for _, file := range files {
		b, err := content.ReadFile(file)
		if err != nil {
			return err
		}
		head, body, ok := bytes.Cut(b, []byte("\n---\n"))
		if !ok {
			return fmt.Errorf("%s: has no head", file)
		}
		lines := strings.Split(strings.TrimSpace(string(body)), "\n")
		if err := add(strings.TrimSuffix(path.Base(file), ".txt"), head, lines); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func strict(b []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	return d.Decode(v)
}
