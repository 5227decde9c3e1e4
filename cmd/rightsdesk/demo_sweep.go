package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// longestDemoSweep is when the demo gives up on the queue.
const longestDemoSweep = 2 * time.Minute

// sweep triggers every source as its cron would, and waits for the queue.
func (d *demonstration) sweep(ctx context.Context) error {
	start := time.Now()
	for _, site := range d.sample.Sites {
		if err := d.app.schedule.RunNow(ctx, reviewer(), monitor.Order{Source: site.ID, Mode: rights.SweepAll}); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, longestDemoSweep)
	defer cancel()
	bar := newProgress(d.err)
	defer bar.end()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		sweeps, err := d.ended(ctx)
		if err != nil {
			return err
		}
		bar.tell(len(sweeps), len(d.sample.Sites), "sweeping")
		if len(sweeps) == len(d.sample.Sites) {
			bar.end()
			return d.swept(ctx, sweeps, time.Since(start))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("only %d of %d sources were swept: %w", len(sweeps), len(d.sample.Sites), ctx.Err())
		case <-tick.C:
		}
	}
}

// ended are the sweeps that have ended, one a source.
func (d *demonstration) ended(ctx context.Context) (map[string]rights.Sweep, error) {
	ended := map[string]rights.Sweep{}
	err := d.app.db.View(ctx, func(tx *store.Tx) error {
		sweeps, err := tx.Sweeps(ctx, "", 1000)
		for _, s := range sweeps {
			if s.EndedAt != nil {
				ended[s.SourceID] = s
			}
		}
		return err
	})
	return ended, err
}

func (d *demonstration) swept(ctx context.Context, sweeps map[string]rights.Sweep, took time.Duration) error {
	var sum rights.Sweep
	var faults []error
	for id, s := range sweeps {
		sum.Pages, sum.Candidates, sum.Matches, sum.Cases = sum.Pages+s.Pages, sum.Candidates+s.Candidates, sum.Matches+s.Matches, sum.Cases+s.Cases
		if s.Fault != "" {
			faults = append(faults, fmt.Errorf("source %s: %s", id, s.Fault))
		}
	}
	fmt.Fprintf(d.out, "Swept        %d sources, %d pages in %.1f s: %d with candidates, %d matches, %d cases\n\n",
		len(sweeps), sum.Pages, took.Seconds(), sum.Candidates, sum.Matches, sum.Cases)
	err := d.app.db.View(ctx, func(tx *store.Tx) (err error) {
		if d.matches, err = tx.Matches(ctx, store.MatchFilter{}); err != nil {
			return err
		}
		for _, site := range d.sample.Sites {
			pages, err := tx.Pages(ctx, site.ID)
			if err != nil {
				return err
			}
			d.pages = append(d.pages, pages...)
		}
		return nil
	})
	return errors.Join(append(faults, err)...)
}

// showMatches prints what was found, site by site, and where nothing was.
func (d *demonstration) showMatches(context.Context) error {
	names, order := map[string]string{}, map[string]int{}
	for i, site := range d.sample.Sites {
		names[site.ID], order[site.ID] = site.Name, i
	}
	headlines := map[string]string{}
	for _, a := range d.sample.Articles {
		headlines[a.ID()] = a.Headline
	}
	slices.SortFunc(d.matches, func(a, b rights.Match) int {
		return cmp.Or(cmp.Compare(order[a.SourceID], order[b.SourceID]), cmp.Compare(a.URL, b.URL), cmp.Compare(a.ArticleID, b.ArticleID))
	})
	rows := [][]string{{"网站", "页面标题", "本报稿件", "覆盖率", "判定", "立案", "案号"}}
	matched := map[string]bool{}
	for _, m := range d.matches {
		matched[m.URL] = true
		coverage, opens := fmt.Sprintf("%.1f%%", 100*m.Found.Coverage), "否"
		if m.Found.LinkOnly {
			coverage = "仅链接"
		}
		if m.Verdict.OpensCase {
			opens = "是"
		}
		rows = append(rows, []string{names[m.SourceID], shorten(m.Capture.Title), shorten(headlines[m.ArticleID]), coverage, m.Verdict.Label, opens, m.CaseID})
	}
	printTable(d.out, rows)
	nothing, faults := 0, []string{}
	for _, p := range d.pages {
		if p.Fault != "" {
			faults = append(faults, p.Fault)
		} else if !matched[p.URL] && p.Of == "" {
			nothing++
		}
	}
	fmt.Fprintf(d.out, "\nNo match     on %d pages: the sites' own news, much of it on the same topics\n", nothing)
	for _, f := range faults {
		fmt.Fprintln(d.out, "Not read    ", f)
	}
	fmt.Fprintln(d.out)
	return nil
}

// printTable prints rows under aligned columns; a Chinese character is two
// columns wide.
func printTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell + strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell)+2))
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// shorten cuts a title to what a table has room for.
func shorten(cell string) string {
	const widest = 34 // columns
	if uniseg.StringWidth(cell) <= widest {
		return cell
	}
	var b strings.Builder
	width := 0
	for graphemes := uniseg.NewGraphemes(cell); graphemes.Next(); {
		if width += graphemes.Width(); width > widest-1 {
			break
		}
		b.WriteString(graphemes.Str())
	}
	return b.String() + "…"
}

// letters writes the letter of every case whose verdict demands something.
func (d *demonstration) letters(ctx context.Context) error {
	var cases []rights.Case
	err := d.app.db.View(ctx, func(tx *store.Tx) (err error) {
		cases, _, err = tx.Cases(ctx, store.CaseFilter{Limit: 1000})
		return err
	})
	if err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c rights.Case) bool { return c.Demand == "" || c.Demand == "none" })
	slices.SortFunc(cases, func(a, b rights.Case) int { return strings.Compare(a.ID, b.ID) })
	bar := newProgress(d.err)
	rows := [][]string{{"案号", "函件", "收函人", "文件", "尚缺"}}
	for i, c := range cases {
		bar.tell(i, len(cases), "writing letters")
		r, err := d.app.cases.Report(ctx, reviewer(), c.ID)
		if err != nil {
			return fmt.Errorf("case %s: %w", c.ID, err)
		}
		rows = append(rows, []string{c.ID, r.Title, c.Operator.Name, r.PDFFile, strings.Join(r.Missing, "、")})
	}
	bar.end()
	printTable(d.out, rows)
	fmt.Fprintf(d.out, "\nLetters      %d drafts, each as PDF and HTML, in %s\n", len(cases), d.app.cfg.Data)
	return nil
}

// compare says where the result is not as the sites' authors meant it.
func (d *demonstration) compare(context.Context) error {
	faults := d.sample.Deviations(d.matches, d.pages)
	if len(faults) == 0 {
		fmt.Fprintf(d.out, "Expected     all %d pages came out as the demo's texts say they must\n", len(d.sample.Pages))
		return nil
	}
	fmt.Fprintln(d.err, "Not as expected:")
	for _, f := range faults {
		fmt.Fprintln(d.err, "  "+f)
	}
	return errSilent
}

// links prints what a person opens next.
func (d *demonstration) links(ctx context.Context) error {
	fmt.Fprintln(d.out)
	for _, who := range []rights.Actor{reviewer(), counsel()} {
		path, err := loginLink(ctx, d.app.auth, who.Login, 24*time.Hour)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.out, "Desk as %-8s  http://%s%s\n", who.Role, d.desk, path)
	}
	fmt.Fprintf(d.out, "Claimant's page   %s\nPublic pages      http://%s/\n", d.status, d.desk)
	return nil
}
