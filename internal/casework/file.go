package casework

import (
	"cmp"
	"context"
	"slices"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// File is all that belongs to a case, read at one instant.
type File struct {
	Case *rights.Case `json:"case"`
	// Matches are those of the newest look, one an article, best covered first.
	Matches   []rights.Match             `json:"matches"`
	Looks     int                        `json:"looks"`     // how many matches there are over all looks
	Articles  map[string]*rights.Article `json:"articles"`  // of Matches, by ID
	Reports   []rights.Report            `json:"reports"`   // newest first
	Events    []rights.Event             `json:"events"`    // oldest first
	Questions []policies.Question        `json:"questions"` // to be answered before an approval
	Standing  []StandingFault            `json:"standing"`
	Steps     []Step                     `json:"steps"` // the moves that the actor may make now

	claims []claim
}

// StandingFault says why the paper may not yet act on a segment that was copied.
type StandingFault struct {
	ArticleID string `json:"article_id"`
	Headline  string `json:"headline"`
	Segment   int    `json:"segment"` // index into Article.Segments
	Part      string `json:"part"`    // which part of the text that is, in Chinese
	Fault     string `json:"fault"`   // in Chinese
}

// Step is a move with what stands in its way, in Chinese. Whether the page still
// shows the text is found out when the move is made.
type Step struct {
	Name      string           `json:"name"`
	To        rights.CaseState `json:"to"`
	Reason    bool             `json:"reason"`           // a reason is asked for
	Demand    policies.Demand  `json:"demand,omitempty"` // for "confirm": what is asked for where the person does not choose
	Obstacles []string         `json:"obstacles,omitempty"`
}

// File reads a case.
func (c *Cases) File(ctx context.Context, by rights.Actor, id string) (*File, error) {
	var f *File
	err := c.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		if f, err = c.read(ctx, tx, id); err == nil {
			f.Steps = c.steps(ctx, f, check{by: by, now: tx.Now})
		}
		return err
	})
	return f, err
}

// read gathers a case, without the steps.
func (c *Cases) read(ctx context.Context, tx *store.Tx, id string) (*File, error) {
	k, err := tx.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	f := &File{Case: k, Articles: map[string]*rights.Article{}, Questions: []policies.Question{}, Standing: []StandingFault{}}
	if f.Matches, err = tx.CaseMatches(ctx, id, k.Digest); err != nil {
		return nil, err
	}
	f.Matches = slices.DeleteFunc(f.Matches, func(m rights.Match) bool { return !slices.Contains(k.Articles, m.ArticleID) }) // is gone from the page
	slices.SortStableFunc(f.Matches, func(a, b rights.Match) int { return cmp.Compare(b.Found.Coverage, a.Found.Coverage) })
	for _, m := range f.Matches {
		if f.Articles[m.ArticleID], err = tx.Article(ctx, m.ArticleID); err != nil {
			return nil, err
		}
	}
	if f.Looks, err = tx.CountMatches(ctx, store.MatchFilter{CaseID: id}); err != nil {
		return nil, err
	}
	if f.Reports, err = tx.Reports(ctx, id); err != nil {
		return nil, err
	}
	if f.Events, err = tx.Events(ctx, id); err != nil {
		return nil, err
	}
	c.judge(f)
	return f, nil
}

// judge derives from the matches what is claimed, what has to be asked, and
// where standing is lacking.
func (c *Cases) judge(f *File) {
	seen := map[string]bool{}
	for _, m := range f.Matches {
		for _, q := range m.Verdict.Questions {
			if !seen[q.ID] {
				seen[q.ID] = true
				f.Questions = append(f.Questions, q)
			}
		}
	}
	if len(f.Questions) == 0 {
		// The machine had closed it, so it asked nothing.
		f.Questions = append(f.Questions, c.opt.Policy.Questions...)
	}
	f.claims = claims(f)
	for _, cl := range f.claims {
		for _, i := range cl.segments {
			s := cl.article.Segments[i]
			if fault := s.Standing(cl.article.IssueDate); fault != "" {
				f.Standing = append(f.Standing, StandingFault{
					ArticleID: cl.article.ID, Headline: cl.article.Headline, Segment: i, Part: part(cl.article, s), Fault: fault,
				})
			}
		}
	}
}

// verdict is the one that the case repeats: of the leading article.
func (f *File) verdict() policies.Verdict {
	for _, id := range f.Case.Articles {
		for _, m := range f.Matches {
			if m.ArticleID == id {
				return m.Verdict
			}
		}
	}
	return policies.Verdict{}
}

// steps lists what the person may do now.
func (c *Cases) steps(ctx context.Context, f *File, at check) []Step {
	list := []Step{}
	for _, row := range rights.CaseMoves() {
		if row.From != f.Case.State || !slices.Contains(row.Roles, at.by.Role) {
			continue
		}
		s := Step{Name: row.Name, To: row.To, Reason: row.Reason}
		if row.Name == moveConfirm {
			s.Demand, s.Reason = f.demand(), f.againstMachine()
		}
		for _, o := range c.obstacles(ctx, f, row, at) {
			s.Obstacles = append(s.Obstacles, o.Detail)
		}
		list = append(list, s)
	}
	return list
}
