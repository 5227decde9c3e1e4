package claims

import (
	"context"
	"strings"
	"unicode/utf8"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const maxPages = 10

// Pages looks our page up by URL or title, at most ten. Where the URL is one of
// ours, the articles that stand at it are the answer; otherwise those in whose
// headline, byline or URL the text is found, the newest first.
func (o *Office) Pages(ctx context.Context, query string) (list []rights.Article, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		list, err = pages(ctx, tx, query)
		return err
	})
	return list, err
}

func pages(ctx context.Context, tx *store.Tx, query string) ([]rights.Article, error) {
	list, err := standingAt(ctx, tx, query)
	if err != nil || len(list) > 0 {
		return list, err
	}
	query = bare(query)
	if utf8.RuneCountInString(query) < 2 {
		return nil, nil
	}
	list, _, err = tx.Articles(ctx, store.ArticleFilter{Query: query, Limit: maxPages})
	return list, err
}

// standingAt returns the articles at a URL, at most ten.
func standingAt(ctx context.Context, tx *store.Tx, query string) ([]rights.Article, error) {
	for _, u := range spellings(bare(query)) {
		list, err := tx.ArticlesByURL(ctx, u)
		if err != nil || len(list) > 0 {
			return list[:min(len(list), maxPages)], err
		}
	}
	return nil, nil
}

// bare takes off what people put around a title.
func bare(query string) string {
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(query), `《》〈〉“”"「」`))
}

// spellings are the ways in which the register may have written a URL.
func spellings(query string) []string {
	if strings.ContainsAny(query, " \t\n") || !strings.Contains(query, ".") {
		return nil
	}
	if !strings.Contains(query, "://") {
		query = "http://" + query
	}
	urls := []string{query}
	if u, err := fetch.Canonical(query); err == nil && u != query {
		urls = append(urls, u)
	}
	for _, u := range urls {
		if rest, ok := strings.CutPrefix(u, "https://"); ok {
			urls = append(urls, "http://"+rest)
		} else if rest, ok := strings.CutPrefix(u, "http://"); ok {
			urls = append(urls, "https://"+rest)
		}
	}
	return urls
}

// page finds the article that a filing speaks of: the one that was chosen, or
// the only one at the URL or under the exact headline. id is empty where the
// claimant insists on what was typed. field says what is wrong, if anything is.
func page(ctx context.Context, tx *store.Tx, f *Filing) (id string, field *rights.Field, err error) {
	if f.Article != "" {
		_, err := tx.Article(ctx, f.Article)
		if rights.KindOf(err) == rights.NotFound {
			return "", &rights.Field{Name: "article", Detail: "所选的文章已不在登记簿中，请重新查找"}, nil
		}
		return f.Article, nil, err
	}
	if f.Page == "" {
		return "", &rights.Field{Name: "page", Detail: "请填写本报页面的网址或者标题"}, nil
	}
	if f.AsGiven {
		return "", nil, nil
	}
	list, err := standingAt(ctx, tx, f.Page)
	if err != nil {
		return "", nil, err
	}
	if len(list) == 1 {
		return list[0].ID, nil, nil
	}
	if list, err = pages(ctx, tx, f.Page); err != nil {
		return "", nil, err
	}
	var same []string
	for _, a := range list {
		if a.Headline == bare(f.Page) {
			same = append(same, a.ID)
		}
	}
	switch {
	case len(same) == 1:
		return same[0], nil, nil
	case len(list) > 0:
		return "", &rights.Field{Name: "article", Detail: "请从查到的文章中选择一篇，或者选择“都不是”"}, nil
	}
	return "", &rights.Field{Name: "article", Detail: "没有查到这个页面。请核对，或者确认按所填内容提交"}, nil
}
