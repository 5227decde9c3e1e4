// Package casework opens cases, moves them through their states, and writes
// their reports.
//
// [Cases.Open] files what a look at a page found, [Cases.File] reads a case,
// [Cases.Move] takes a step of the transition table of package rights under its
// guards, [Cases.Report] writes the letter. What the paper claims of a match is
// decided in one place: the copied text that lies in segments the paper asserts.
package casework

import (
	"context"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// Options of a [Cases].
type Options struct {
	DB     *store.DB
	Policy *policies.Set
	Config config.Config // paper, licences, data folder, answer days
	Shelf  *shelf.Shelf  // nil: the data folder alone
	// Look fetches the page of a case at this moment, keeps the evidence, and
	// says whether its text is still there. It is called outside transactions.
	Look func(ctx context.Context, c *rights.Case) (Sight, error)
}

// Sight is what a look at a case's page saw.
type Sight struct {
	Shown  bool   // the text is still there
	Detail string // in Chinese: "对方服务器返回 404", "页面正文已不含涉案文字"
	Digest string // Capture.Digest of the page, where it was read
}

// Cases is the desk's files. It is safe for concurrent use.
type Cases struct{ opt Options }

// New returns the cases of a store.
func New(opt Options) *Cases {
	if opt.Shelf == nil {
		opt.Shelf = &shelf.Shelf{DB: opt.DB, Dir: opt.Config.Data}
	}
	return &Cases{opt: opt}
}

// staff refuses who is not of the legal staff.
func staff(by rights.Actor) error {
	if !by.Role.Valid() {
		return rights.Errorf(rights.Forbidden, "这一步只能由法务人员办理")
	}
	return nil
}
