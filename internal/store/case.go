package store

import (
	"context"
	"fmt"
	"strings"

	"rightsdesk/internal/rights"
)

// caseNumbers begins the number of every case.
const caseNumbers = "RD"

// Case returns the case with this number, locked until the end of an updating
// transaction.
func (t *Tx) Case(ctx context.Context, id string) (*rights.Case, error) {
	return one[rights.Case](ctx, t, missing("没有编号为 %s 的案件", id), `SELECT doc FROM cases WHERE id = $1`+t.lock, id)
}

// CaseByURL returns the case on a canonical URL.
func (t *Tx) CaseByURL(ctx context.Context, url string) (*rights.Case, error) {
	return one[rights.Case](ctx, t, missing("该网址没有案件：%s", url), `SELECT doc FROM cases WHERE url = $1`, url)
}

// AddCase gives the case its number and inserts it. Where the URL has one, which
// another machine may have opened since this one looked, the error is of kind Conflict
// and the transaction may go on.
func (t *Tx) AddCase(ctx context.Context, c *rights.Case) error {
	id, err := t.number(ctx, caseNumbers)
	if err != nil {
		return err
	}
	c.ID, c.OpenedAt, c.UpdatedAt, c.Version = id, t.Now, t.Now, 1
	doc, err := encode(c)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `INSERT INTO cases (id, url, state, severity, search, opened_at, updated_at, version, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (url) DO NOTHING`,
		c.ID, c.URL, string(c.State), c.Severity, caseSearch(c), micros(c.OpenedAt), micros(c.UpdatedAt), c.Version, doc)
	if err != nil || n > 0 {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE sequences SET value = value - 1 WHERE name = $1`, t.series(caseNumbers)); err != nil {
		return err
	}
	return rights.Errorf(rights.Conflict, "该网址刚刚立案，请刷新后再试：%s", c.URL)
}

// PutCase replaces a case. Where it was changed since it was read, nothing
// happens and the error is of kind Conflict.
func (t *Tx) PutCase(ctx context.Context, c *rights.Case) error {
	was := c.Version
	c.Version, c.UpdatedAt = was+1, t.Now
	doc, err := encode(c)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE cases SET state = $3, severity = $4, search = $5, updated_at = $6, version = $7, doc = $8
		WHERE id = $1 AND version = $2`,
		c.ID, was, string(c.State), c.Severity, caseSearch(c), micros(c.UpdatedAt), c.Version, doc)
	if err == nil && n == 0 {
		return rights.Errorf(rights.Conflict, "案件 %s 刚刚被他人改动，请刷新后再试", c.ID)
	}
	return err
}

// TouchCase keeps that a case was seen again as it was: nobody's decision
// depends on it, so it does not count as a change and makes no writer stale.
func (t *Tx) TouchCase(ctx context.Context, c *rights.Case) error {
	doc, err := encode(c)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE cases SET doc = $3 WHERE id = $1 AND version = $2`, c.ID, c.Version, doc)
	if err == nil && n == 0 {
		return rights.Errorf(rights.Conflict, "案件 %s 刚刚被他人改动，请刷新后再试", c.ID)
	}
	return err
}

func caseSearch(c *rights.Case) string {
	return strings.ToLower(strings.Join([]string{c.ID, c.URL, c.Title, c.Operator.Name, c.SourceID, c.Rule, strings.Join(c.Articles, "\n")}, "\n"))
}

// series names the sequence of a prefix in this year, in China.
func (t *Tx) series(prefix string) string { return prefix + t.Now.In(rights.China).Format("2006") }

// number makes RD2026-0001 from the series of a prefix.
func (t *Tx) number(ctx context.Context, prefix string) (string, error) {
	n, err := t.next(ctx, t.series(prefix))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%04d", t.series(prefix), n), nil
}

// CaseFilter selects cases; zero fields do not filter.
type CaseFilter struct {
	State         rights.CaseState
	Query         string // found in number, URL, titles, operator or rule
	Limit, Offset int
}

// Cases returns the cases of a filter, the most severe first, and how many
// there are without limit and offset.
func (t *Tx) Cases(ctx context.Context, f CaseFilter) ([]rights.Case, int, error) {
	const where = ` FROM cases WHERE search LIKE $1 ESCAPE '\' AND ($2 = '' OR state = $2)`
	n, err := t.count(ctx, `SELECT COUNT(*)`+where, like(f.Query), string(f.State))
	if err != nil {
		return nil, 0, err
	}
	list, err := many[rights.Case](ctx, t, `SELECT doc`+where+`
		ORDER BY severity DESC, opened_at DESC, id DESC LIMIT $3 OFFSET $4`, like(f.Query), string(f.State), f.Limit, f.Offset)
	return list, n, err
}

// CaseCounts returns how many cases are in each state.
func (t *Tx) CaseCounts(ctx context.Context) (map[rights.CaseState]int, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT state, COUNT(*) FROM cases GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", err)
	}
	defer rows.Close()
	counts := map[rights.CaseState]int{}
	for rows.Next() {
		var state rights.CaseState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count cases: %w", err)
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// AddReport gives the report an ID and inserts it.
func (t *Tx) AddReport(ctx context.Context, r *rights.Report) error {
	id, err := t.next(ctx, "report")
	if err != nil {
		return err
	}
	r.ID, r.CreatedAt = id, t.Now
	doc, err := encode(r)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO reports (id, case_id, created_at, doc) VALUES ($1, $2, $3, $4)`, r.ID, r.CaseID, micros(r.CreatedAt), doc)
	return err
}

// Reports returns the reports of a case, newest first; of every case where it
// is empty.
func (t *Tx) Reports(ctx context.Context, caseID string) ([]rights.Report, error) {
	return many[rights.Report](ctx, t, `SELECT doc FROM reports WHERE $1 = '' OR case_id = $1 ORDER BY id DESC`, caseID)
}
