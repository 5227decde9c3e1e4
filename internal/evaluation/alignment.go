package evaluation

import (
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rightsdesk/fingerprints"
)

// Case is a passage of a document that was taken from a source, in code points;
// or one that we say was.
type Case struct {
	Kind       string
	Document   string
	Source     string
	This, That [2]int // where it stands in the document and in the source
}

// Alignment is how well cases are detected, after the measures of the PAN
// contests: characters found, one detection for each case.
type Alignment struct {
	Kind                                    string
	Cases                                   int
	Precision, Recall, Granularity, Plagdet float64
}

// corpus is a folder of documents, of sources, and of what was taken.
type corpus struct {
	sources, documents []fingerprints.Article
	cases              []Case
}

func readCorpus(dir string) (c corpus, err error) {
	read := func(pattern string) (list []fingerprints.Article, err error) {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			list = append(list, fingerprints.Article{ID: filepath.Base(name), Text: strings.TrimPrefix(string(raw), "\ufeff")})
		}
		return list, err
	}
	if c.sources, err = read("source-documents/*.txt"); err != nil {
		return c, err
	}
	if c.documents, err = read("suspicious-documents/*.txt"); err != nil {
		return c, err
	}
	for _, d := range c.documents {
		name := filepath.Join(dir, "suspicious-documents", strings.TrimSuffix(d.ID, ".txt")+".xml")
		raw, err := os.ReadFile(name)
		if err != nil {
			return c, err
		}
		var doc struct {
			Features []struct {
				Name        string `xml:"name,attr"`
				Type        string `xml:"type,attr"`
				Obfuscation string `xml:"obfuscation,attr"`
				At          int    `xml:"this_offset,attr"`
				Length      int    `xml:"this_length,attr"`
				Source      string `xml:"source_reference,attr"`
				SourceAt    int    `xml:"source_offset,attr"`
				SourceLen   int    `xml:"source_length,attr"`
			} `xml:"feature"`
		}
		if err := xml.Unmarshal(raw, &doc); err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
		for _, f := range doc.Features {
			if f.Name != "plagiarism" {
				continue
			}
			kind := strings.TrimSpace(f.Type + " " + f.Obfuscation)
			c.cases = append(c.cases, Case{kind, d.ID, f.Source, [2]int{f.At, f.At + f.Length}, [2]int{f.SourceAt, f.SourceAt + f.SourceLen}})
		}
	}
	return c, nil
}

// Alignments measures the detection of cases in every folder of alignment/.
func (d *Data) alignments(ctx context.Context) ([]Alignment, error) {
	dirs, err := filepath.Glob(filepath.Join(d.dir, "alignment", "*"))
	if err != nil {
		return nil, err
	}
	var list []Alignment
	for _, dir := range dirs {
		c, err := readCorpus(dir)
		if err != nil {
			return nil, err
		}
		list = append(list, c.measure(ctx)...)
	}
	return list, nil
}

func (c corpus) measure(ctx context.Context) []Alignment {
	x := fingerprints.NewIndex()
	find := searchIn(ctx, x)
	for _, s := range c.sources {
		x.Add(s)
	}
	var found []Case
	for _, doc := range c.documents {
		for _, m := range find.matches(doc.Text) {
			for _, g := range fingerprints.Groups(m.Passages) {
				found = append(found, Case{"", doc.ID, m.Article, g.Page, g.Article})
			}
		}
	}
	kinds := map[string][]Case{"all": c.cases}
	for _, k := range c.cases {
		kinds[k.Kind] = append(kinds[k.Kind], k)
	}
	names := make([]string, 0, len(kinds))
	for k := range kinds {
		names = append(names, k)
	}
	slices.Sort(names)
	var list []Alignment
	for _, k := range names {
		// What is found of a case of another kind is not wrong.
		relevant := slices.DeleteFunc(slices.Clone(found), func(f Case) bool {
			other := func(o Case) bool { return o.Kind != k && overlaps(f, o) }
			mine := func(o Case) bool { return overlaps(f, o) }
			return k != "all" && slices.ContainsFunc(c.cases, other) && !slices.ContainsFunc(kinds[k], mine)
		})
		list = append(list, plagdet(k, kinds[k], relevant))
	}
	return append(list, c.half("all, in the documents by which groups were set", found, 1), c.half("all, in the others", found, 0))
}

// half measures the cases of every second document.
func (c corpus) half(name string, found []Case, from int) Alignment {
	in := map[string]bool{}
	for i, d := range c.documents {
		in[d.ID] = i%2 == from
	}
	other := func(o Case) bool { return !in[o.Document] }
	return plagdet(name, slices.DeleteFunc(slices.Clone(c.cases), other), slices.DeleteFunc(slices.Clone(found), other))
}

func overlaps(a, b Case) bool {
	return a.Document == b.Document && a.Source == b.Source && common(a.This, b.This) > 0 && common(a.That, b.That) > 0
}

func common(a, b [2]int) int { return max(0, min(a[1], b[1])-max(a[0], b[0])) }

func size(c Case) int { return c.This[1] - c.This[0] + c.That[1] - c.That[0] }

// plagdet is the mean of precision and recall over the characters, divided by
// how many detections there are for a case that is found.
func plagdet(kind string, cases, found []Case) Alignment {
	a := Alignment{Kind: kind, Cases: len(cases)}
	covered := func(of Case, by []Case) (n int) {
		for _, side := range []func(Case) [2]int{func(c Case) [2]int { return c.This }, func(c Case) [2]int { return c.That }} {
			at := side(of)
			in := make([]bool, at[1]-at[0])
			for _, b := range by {
				if overlaps(of, b) {
					for i := max(at[0], side(b)[0]); i < min(at[1], side(b)[1]); i++ {
						in[i-at[0]] = true
					}
				}
			}
			for _, v := range in {
				if v {
					n++
				}
			}
		}
		return n
	}
	sum := func(of, by []Case) float64 {
		n, all := 0, 0
		for _, c := range of {
			n, all = n+covered(c, by), all+size(c)
		}
		return float64(n) / float64(max(1, all))
	}
	a.Recall, a.Precision = sum(cases, found), sum(found, cases)
	hit, detections := 0, 0
	for _, c := range cases {
		n := 0
		for _, f := range found {
			if overlaps(c, f) {
				n++
			}
		}
		if n > 0 {
			hit, detections = hit+1, detections+n
		}
	}
	a.Granularity = max(1, float64(detections)/float64(max(1, hit)))
	if a.Precision+a.Recall > 0 {
		a.Plagdet = 2 * a.Precision * a.Recall / (a.Precision + a.Recall) / math.Log2(1+a.Granularity)
	}
	return a
}
