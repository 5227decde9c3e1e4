// Package monitor looks at third parties' pages.
//
// [Monitor.Sweep] passes over a source. A page goes through these steps:
//
//  1. fetch: the exchange is recorded byte by byte as it happens. Where the source
//     asks for it, or the page has nothing to read before its scripts have run, a
//     browser draws it, and what follows is done with what it drew;
//  2. screen: the page's text against the index; most pages end here, their
//     digest and counts are kept, and their lines are counted;
//  3. evidence: a page with candidates is on disk before anyone judges it;
//  4. extract, and read the parts on which the article goes on;
//  5. align: passages in both texts, without the boilerplate of the host;
//  6. judge: facts in, verdict out;
//  7. one transaction: match, case, page, events. A match on a page whose text
//     many pages of the host show opens no case until a person releases it.
//
// Steps 1 to 4 are taken for all pages of a host before the first is aligned:
// only then is it known which pages go on with an article that began on another,
// and what recurs on all of them (see rights.Line).
//
// A page that shows the same bytes as at the last look, while the register, the
// rules and the licence are the same, is not judged again.
package monitor

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"rightsdesk/config"
	"rightsdesk/internal/browser"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// Options of a [Monitor].
type Options struct {
	DB       *store.DB
	Fetcher  *fetch.Fetcher
	Index    *index.Index
	Evidence *evidence.Store
	Policy   *policies.Set
	Cases    *casework.Cases
	Catalog  *catalog.Catalog // takes in the articles of our own issues
	Config   config.Config
	Log      *slog.Logger
	// Browser draws the pages that need it; nil draws none.
	Browser *browser.Browser
	// Pictures asks for a picture of every page that a case stands on.
	Pictures bool
}

// Monitor runs sweeps. It is safe for concurrent use.
type Monitor struct {
	opt     Options
	machine string

	mu       sync.Mutex
	sweeping map[string]bool // the sources that are being swept
}

// New returns a monitor.
func New(opt Options) *Monitor {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Monitor{opt: opt, machine: Machine(opt.Config.Data), sweeping: map[string]bool{}}
}

// Machine names the host and the data folder for which the monitor works. Only
// one process at a time has the name, because only one holds the lock of the
// evidence folder.
func (m *Monitor) Machine() string { return m.machine }

// Machine names the host and a data folder.
func Machine(data string) string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	sum := sha256.Sum256([]byte(data))
	return host[:min(len(host), 64)] + "-" + hex.EncodeToString(sum[:6])
}

// Progress is how far a sweep is.
type Progress struct {
	Done, Total int
	URL         string
}
