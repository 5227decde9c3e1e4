package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// patience is how long work may take before a bar tells how far it is.
const patience = 2 * time.Second

// progress is a bar on a terminal; elsewhere it shows nothing.
type progress struct {
	w   io.Writer // nil where it is no terminal
	opt []progressbar.Option
	bar *progressbar.ProgressBar
}

// newProgress returns a bar for work that begins now.
func newProgress(w io.Writer, opt ...progressbar.Option) *progress {
	p := &progress{opt: opt}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = late{w, time.Now().Add(patience)}
	}
	return p
}

// tell shows how much is done, and at what.
func (p *progress) tell(done, total int, what string) {
	if p.w == nil || total == 0 {
		return
	}
	if p.bar == nil {
		common := []progressbar.Option{
			progressbar.OptionSetWriter(p.w), progressbar.OptionThrottle(100 * time.Millisecond),
			progressbar.OptionSetWidth(30), progressbar.OptionUseANSICodes(true),
		}
		p.bar = progressbar.NewOptions(total, append(common, p.opt...)...)
	}
	p.bar.Describe(what)
	// Only end ends it: the last bytes that are read are not the last that is done.
	_ = p.bar.Set(min(done, total-1)) // a bar that cannot be drawn stops no work
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// late drops what is written before an instant.
type late struct {
	w    io.Writer
	from time.Time
}

// Write makes late an io.Writer.
func (l late) Write(b []byte) (int, error) {
	if time.Now().Before(l.from) {
		return len(b), nil
	}
	return l.w.Write(b)
}
