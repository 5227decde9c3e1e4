package extract

import (
	"strings"

	"golang.org/x/net/html"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

// founderDocument reads an e-paper's article page as a document.
func founderDocument(doc *html.Node) (*rights.Article, bool) { return founderPage(doc, Options{}) }

// fromArticle copies what an e-paper page prints.
func (d *Document) fromArticle(a *rights.Article) {
	d.Title = firstOf(a.Headline, d.Title)
	d.Byline = strings.Join(a.Bylines, " ")
	d.Source = a.Paper
	d.PublishedAt = a.IssueDate
	d.Text = a.Text()
}

func fold(s string) string { return string(fingerprints.Fold(s).Folded) }
