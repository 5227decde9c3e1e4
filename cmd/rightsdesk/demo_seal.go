package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/tsa"
)

// stamping is when the demo gives up on its authorities.
const stamping = time.Minute

// authorities serves two time-stamp authorities beside the sites, at address, and
// enters them into the configuration. The file of their roots lies beside the key.
func (d *demonstration) authorities(sites http.Handler, address string, cfg *config.Config) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("/", sites)
	var pem bytes.Buffer
	roots := filepath.Clean(cfg.Data) + ".roots.pem"
	for id, name := range map[string]string{"yunzhang": "云章时间戳服务", "qingce": "青册时间戳服务"} {
		a, err := tsa.New(name)
		if err != nil {
			return nil, err
		}
		mux.Handle("127.0.0.1/tsa/"+id, a)
		pem.Write(a.RootPEM())
		cfg.TimeStamps = append(cfg.TimeStamps, config.Authority{ID: id, URL: "http://" + address + "/tsa/" + id, Roots: roots})
	}
	return mux, os.WriteFile(roots, pem.Bytes(), 0o600)
}

// drawn waits until the pages of the cases are drawn, where they are to be.
func (d *demonstration) drawn(ctx context.Context) error {
	if d.app.cfg.Browser == "" {
		return nil
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		waiting := 0
		err := d.app.db.View(ctx, func(tx *store.Tx) (err error) {
			waiting, err = tx.JobsPending(ctx)
			return err
		})
		if err != nil || waiting == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// seal has the evidence sealed as every hour does, and waits for the stamps.
func (d *demonstration) seal(ctx context.Context) error {
	if err := d.drawn(ctx); err != nil {
		return err
	}
	if err := d.app.notary.Round(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, stamping)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		waiting := 0
		err := d.app.db.View(ctx, func(tx *store.Tx) error {
			for _, a := range d.app.cfg.TimeStamps {
				list, err := tx.Unstamped(ctx, a.ID)
				if err != nil {
					return err
				}
				waiting += len(list)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if waiting == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d time stamps were not had: %w", waiting, ctx.Err())
		case <-tick.C:
		}
	}
	if err := d.bundle(ctx); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "Sealed       the evidence, stamped by %d authorities; to check it:\n             rightsdesk verify --dir %s --roots %s\n",
		len(d.app.cfg.TimeStamps), d.app.cfg.Data, d.app.cfg.TimeStamps[0].Roots)
	return nil
}

// bundle packs the case of the first letter.
func (d *demonstration) bundle(ctx context.Context) error {
	var reports []rights.Report
	err := d.app.db.View(ctx, func(tx *store.Tx) (err error) {
		reports, err = tx.Reports(ctx, "")
		return err
	})
	if err != nil || len(reports) == 0 {
		return err
	}
	id := reports[len(reports)-1].CaseID
	folder := filepath.Join(d.app.cfg.Data, "bundles")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	out := filepath.Join(folder, id+".wacz")
	made, err := d.app.writeBundle(ctx, counsel(), id, out)
	if err != nil {
		return err
	}
	if len(made.Lacking) > 0 {
		return fmt.Errorf("the bundle lacks %s", strings.Join(made.Lacking, ", "))
	}
	fmt.Fprintf(d.out, "Bundle       %s; to check it:\n             rightsdesk verify %s --roots %s\n", id, out, d.app.cfg.TimeStamps[0].Roots)
	return nil
}
