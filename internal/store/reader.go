package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// OpenReader opens a database for [DB.View] alone and changes nothing: no
// migration runs, and a SQLite file that no process has open is not even locked.
func OpenReader(ctx context.Context, at string) (*DB, error) {
	var (
		pool *sql.DB
		d    dialect
		err  error
	)
	if strings.HasPrefix(at, "postgres://") || strings.HasPrefix(at, "postgresql://") {
		d = postgres()
		pool, err = d.open(at, access{})
	} else {
		d = sqlite()
		pool, err = openFile(at)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := &DB{read: pool, write: pool, dialect: d}
	err = db.View(ctx, func(t *Tx) error {
		_, err := t.count(ctx, `SELECT COUNT(*) FROM migrations`)
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("this is no database of Rightsdesk: %w", err), db.Close())
	}
	return db, nil
}

// openFile opens a SQLite file for reading. Where a log of changes lies beside
// it, a process has it open or died; it is read together with the log then.
func openFile(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {"query_only(1)", "busy_timeout(20000)"}}
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		q.Set("immutable", "1")
	}
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
}

// CheckFile reports what is broken in the structure of a SQLite file; on
// PostgreSQL the server looks after that.
func (t *Tx) CheckFile(ctx context.Context, report func(detail string)) error {
	if t.dialect.check == "" {
		return nil
	}
	rows, err := t.tx.QueryContext(ctx, t.dialect.check)
	if err != nil {
		return fmt.Errorf("check the file: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var detail string
		if err := rows.Scan(&detail); err != nil {
			return fmt.Errorf("check the file: %w", err)
		}
		if detail != "ok" {
			report(detail)
		}
	}
	return rows.Err()
}

// MatchIDs returns the IDs of all matches in order.
func (t *Tx) MatchIDs(ctx context.Context) ([]int64, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT id FROM matches ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list the matches: %w", err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list the matches: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
