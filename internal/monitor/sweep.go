package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const (
	parallelHosts = 4
	endGrace      = 10 * time.Second
)

// sweep is one pass over a source. Its hosts are looked at side by side.
type sweep struct {
	*Monitor
	source   *rights.Source
	register string // the state of the register that the index holds at least

	mu       sync.Mutex // guards what follows
	row      *rights.Sweep
	progress func(Progress)
	at       Progress
}

// Sweep looks at the pages of a source. What goes wrong with one page is kept
// on that page; an error means that the source itself could not be swept, and a
// Conflict that it is being swept at this moment. progress may be nil; its calls
// come one at a time.
func (m *Monitor) Sweep(ctx context.Context, sourceID string, progress func(Progress)) (*rights.Sweep, error) {
	return m.Run(ctx, Order{Source: sourceID, Mode: rights.SweepAll}, progress)
}

// Order asks for a sweep of a source.
type Order struct {
	Source string
	Mode   rights.SweepMode
}

// Run is [Monitor.Sweep] of the pages that the order's mode says.
func (m *Monitor) Run(ctx context.Context, order Order, progress func(Progress)) (*rights.Sweep, error) {
	sourceID := order.Source
	if !m.reserve(sourceID) {
		return nil, busy(sourceID)
	}
	defer m.release(sourceID)
	s := &sweep{Monitor: m, progress: progress}
	if err := s.begin(ctx, order); err != nil {
		return nil, err
	}
	err := s.run(ctx)
	if e := s.end(ctx, err); e != nil {
		err = errors.Join(err, e)
	}
	return s.row, err
}

func busy(sourceID string) error {
	return rights.Errorf(rights.Conflict, "来源 %s 正在巡查", sourceID)
}

func (m *Monitor) reserve(sourceID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sweeping[sourceID] {
		return false
	}
	m.sweeping[sourceID] = true
	return true
}

func (m *Monitor) release(sourceID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sweeping, sourceID)
}

// begin writes the row of the sweep. Rows that a dead process left open are
// closed; that of a living one on another machine forbids a second sweep.
func (s *sweep) begin(ctx context.Context, order Order) error {
	sourceID := order.Source
	return s.opt.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if s.source, err = tx.Source(ctx, sourceID); err != nil {
			return err
		}
		s.row = &rights.Sweep{SourceID: sourceID, Machine: s.machine, Mode: order.Mode, StartedAt: tx.Now}
		// The number is drawn first: on several machines that makes one wait here
		// until the other's row can be seen.
		if err := tx.PutSweep(ctx, s.row); err != nil {
			return err
		}
		others, err := tx.Sweeps(ctx, sourceID, 10)
		if err != nil {
			return err
		}
		for i := range others {
			o := &others[i]
			if o.ID == s.row.ID || o.EndedAt != nil {
				continue
			}
			if o.Machine != s.machine {
				if living, err := tx.Enlisted(ctx, o.Machine); err != nil || living {
					return cmp.Or(err, busy(sourceID))
				}
			}
			o.EndedAt, o.Fault = &tx.Now, "进程中断，巡查没有完成"
			if err := tx.PutSweep(ctx, o); err != nil {
				return err
			}
		}
		return s.enter(ctx, tx, "sweep.begun", "")
	})
}

// enter puts a step of the sweep into the record of events.
func (s *sweep) enter(ctx context.Context, tx *store.Tx, action, detail string) error {
	system := rights.SystemActor()
	return tx.AddEvent(ctx, &rights.Event{
		Subject: s.source.ID, Action: action, Actor: system.Login, Name: system.Name, To: fmt.Sprintf("sweep-%d", s.row.ID), Reason: detail,
	})
}

// end closes the row, also where the sweep was cancelled.
func (s *sweep) end(ctx context.Context, fault error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endGrace)
	defer cancel()
	return s.opt.DB.Update(ctx, func(tx *store.Tx) error {
		s.row.EndedAt = &tx.Now
		if fault != nil {
			s.row.Fault = faultText(fault)
		}
		if err := tx.PutSweep(ctx, s.row); err != nil {
			return err
		}
		counts := fmt.Sprintf("%d pages, %d unchanged, %d candidates, %d matches, %d cases, %d faults; %s",
			s.row.Pages, s.row.Unchanged, s.row.Candidates, s.row.Matches, s.row.Cases, s.row.Faults, s.row.Fault)
		if err := s.enter(ctx, tx, "sweep.ended", strings.TrimSuffix(counts, "; ")); err != nil || fault != nil || s.row.Mode == rights.SweepDry {
			return err
		}
		source, err := tx.Source(ctx, s.source.ID)
		if rights.KindOf(err) == rights.NotFound {
			return nil // it was deleted meanwhile
		}
		if err != nil {
			return err
		}
		source.LastSwept = &tx.Now
		return tx.PutSource(ctx, source)
	})
}

// faultText says in Chinese why something could not be read.
func faultText(err error) string {
	var e *rights.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "巡查被中断"
	case errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &e):
		return "巡查超时"
	case errors.As(err, &e) && e.Kind != rights.Internal:
		return e.Detail
	}
	return "内部错误，详见日志"
}

func (s *sweep) run(ctx context.Context) error {
	targets, err := s.targets(ctx)
	if err != nil {
		return err
	}
	if targets, err = s.plan(ctx, targets); err != nil {
		return err
	}
	s.at.Total = len(targets)
	if s.row.Mode == rights.SweepDry {
		s.tell(targets)
		return nil
	}
	if s.source.Kind == rights.SourceOwn {
		return s.registerIssue(ctx, targets)
	}
	if err := s.refresh(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelHosts)
	for _, list := range byHost(targets) {
		group.Go(func() error {
			v := &visit{sweep: s, queue: list, seen: map[string]bool{}, same: map[string]bool{}, titles: map[string]string{}}
			return v.run(ctx)
		})
	}
	return group.Wait()
}

// refresh brings the index up to date and notes up to which change of the
// register it is sure to be.
func (s *sweep) refresh(ctx context.Context) error {
	var at time.Time
	err := s.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.ArticlesChangedAt(ctx)
		return err
	})
	if err != nil {
		return err
	}
	s.register = at.Format(time.RFC3339Nano)
	return s.opt.Index.Refresh(ctx)
}

// byHost divides targets by host; both orders stay.
func byHost(targets []target) [][]target {
	var lists [][]target
	at := map[string]int{}
	for _, t := range targets {
		host := hostOf(t.key)
		i, ok := at[host]
		if !ok {
			i = len(lists)
			at[host] = i
			lists = append(lists, nil)
		}
		lists[i] = append(lists[i], t)
	}
	return lists
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// step reports progress; more is what came to the queue on the way.
func (s *sweep) step(address string, more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at.Done, s.at.Total, s.at.URL = s.at.Done+1, s.at.Total+more, address
	if s.progress != nil {
		s.progress(s.at)
	}
}

func (s *sweep) count(change func(row *rights.Sweep)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.row)
}

// unread logs that something could not be read.
func (s *sweep) unread(ctx context.Context, address string, err error) {
	s.opt.Log.LogAttrs(ctx, slog.LevelInfo, "cannot be read", slog.String("source", s.source.ID), slog.String("url", address), slog.Any("error", err))
}
