package monitor

import (
	"context"
	"net/url"
	"strings"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const (
	searchDays     = 7  // the issues whose articles are searched for
	searchArticles = 40 // of one sweep
	leastSentence  = 10 // folded characters
	longestQuery   = 38 // characters; search services cut what is longer
)

// search asks the site's own search for the articles of the last days, by their
// titles and by the sentence of each that no other text has. What it finds is
// looked at like any page.
func (c *finder) search(ctx context.Context) error {
	articles, err := c.recent(ctx)
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	for i := range articles {
		for _, query := range c.queries(&articles[i]) {
			if asked[query] {
				continue
			}
			first := len(asked) == 0
			asked[query] = true
			if err := c.results(ctx, query); err != nil {
				if ctx.Err() != nil || first {
					return err
				}
				c.amiss(ctx, c.source.URL, err)
			}
		}
	}
	return nil
}

func (c *finder) recent(ctx context.Context) (list []rights.Article, err error) {
	since := time.Now().In(rights.China).AddDate(0, 0, -searchDays).Format(time.DateOnly)
	err = c.opt.DB.View(ctx, func(tx *store.Tx) error {
		newest, _, err := tx.Articles(ctx, store.ArticleFilter{Limit: searchArticles})
		for _, a := range newest {
			if a.IssueDate >= since {
				list = append(list, a)
			}
		}
		return err
	})
	return list, err
}

// queries are the headline of an article and its rarest sentence.
func (c *finder) queries(a *rights.Article) []string {
	sentences := strings.FieldsFunc(a.Text(), func(r rune) bool { return strings.ContainsRune("。！？!?；;\n“”", r) })
	var list []string
	if a.Headline != "" {
		list = append(list, shorten(a.Headline))
	}
	if i := c.opt.Index.Rarest(sentences, leastSentence); i >= 0 {
		list = append(list, shorten(sentences[i]))
	}
	return list
}

func shorten(query string) string {
	runes := []rune(strings.TrimSpace(query))
	return string(runes[:min(len(runes), longestQuery)])
}

// results takes in the links of one page of results, which may have none.
func (c *finder) results(ctx context.Context, query string) error {
	address, err := c.source.SearchURL(query)
	if err != nil {
		return err
	}
	ex, err := c.page(ctx, address)
	if err != nil {
		return err
	}
	entries, err := fetch.Listing{Kind: string(rights.SourceList), Selector: c.source.Selector}.Links(ex)
	if err != nil && rights.KindOf(err) != rights.Invalid {
		return err
	}
	own := pathOf(address)
	for _, e := range entries {
		if pathOf(e.URL) != own { // another page of the search
			c.add(e.URL, e.PublishedAt)
		}
	}
	return nil
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}
