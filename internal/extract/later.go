package extract

import (
	"io"
	"strings"

	"golang.org/x/net/html"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

func fold(s string) string { return string(fingerprints.Fold(s).Folded) }

type founder struct{}

func (f *founder) fill(*Document) {}

const founderLayout = 2

func founderDocument(*html.Node) (*founder, bool) { return nil, false }
func founderKind(text string) int {
	if strings.Contains(text, "<founder-type>2<") {
		return founderLayout
	}
	return 0
}
func founderBody(doc *html.Node) *html.Node { return byID(doc, "ozoom") }
func articleHref(h string) bool             { return strings.Contains(h, "content_") }

// Options tells Articles what the files themselves may not say.
type Options struct{ Paper, IssueDate, BaseURL, File string }

// LayoutPage is one page of an e-paper's issue.
type LayoutPage struct {
	Paper, IssueDate, PageNo, PageName string
	Articles, Pages                    []Link
	PDF                                string
}

// Articles reads the articles of a file.
func Articles(r io.Reader, opt Options, yield func(*rights.Article) error) []error {
	return []error{rights.Errorf(rights.Unavailable, "%s: not yet", opt.File)}
}

// Layout reads a layout page.
func Layout(raw []byte, contentType, base string) (*LayoutPage, error) {
	return nil, rights.Errorf(rights.Unavailable, "not yet")
}

// Segments derives who owns which part.
func Segments(a *rights.Article) []rights.Segment { return nil }
