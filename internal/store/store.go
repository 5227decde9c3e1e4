package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"rightsdesk/internal/rights"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	read, write *sql.DB
	dialect     dialect
	jobs        *river.Client[*sql.Tx]
}

// Tx is one transaction.
type Tx struct {
	// Now is the instant of the transaction, in UTC with microseconds.
	Now time.Time

	tx      *sql.Tx
	lock    string // ends a SELECT of rows that the transaction is about to change
	dialect *dialect
	jobs    *river.Client[*sql.Tx]

	reads  bool // and may not write
	events []rights.Event
}

// Open opens the database at a URL, postgres://… or the path of a SQLite file,
// and brings its schema up to date.
func Open(ctx context.Context, url string, log *slog.Logger) (*DB, error) {
	d := sqlite()
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		d = postgres()
	}
	write, err := d.open(url, access{write: true})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db := &DB{read: write, write: write, dialect: d}
	if d.splitPools {
		if db.read, err = d.open(url, access{}); err != nil {
			return nil, errors.Join(fmt.Errorf("open the database: %w", err), write.Close())
		}
	}
	if err := migrate(ctx, write, d, log); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), db.Close())
	}
	if db.jobs, err = river.NewClient(d.river(write), &river.Config{Logger: log}); err != nil {
		return nil, errors.Join(fmt.Errorf("open the job queue: %w", err), db.Close())
	}
	return db, nil
}

// Close closes the database.
func (db *DB) Close() error {
	err := db.write.Close()
	if db.read != db.write {
		err = errors.Join(err, db.read.Close())
	}
	return err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// View runs f in a transaction that reads.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	return db.run(ctx, db.read, &sql.TxOptions{ReadOnly: true}, "", f)
}

// Update runs f in a transaction that is committed when f returns nil. f must
// not open another transaction.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	return db.run(ctx, db.write, nil, db.dialect.forUpdate, f)
}

func (db *DB) run(ctx context.Context, pool *sql.DB, opt *sql.TxOptions, lock string, f func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, opt)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	t := &Tx{Now: time.Now().UTC().Truncate(time.Microsecond), tx: tx, lock: lock, dialect: &db.dialect, jobs: db.jobs, reads: opt != nil && opt.ReadOnly}
	if !t.reads {
		if err := t.fence(ctx); err != nil {
			return err
		}
	}
	if err := f(t); err != nil {
		return cause(ctx, err)
	}
	if err := t.writeEvents(ctx); err != nil {
		return cause(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", cause(ctx, err))
	}
	return nil
}

// cause says of a transaction that ended because ctx did that it is over for that: the
// transaction itself says only that it has ended.
func cause(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// next counts the named sequence up. On PostgreSQL it holds the row until the
// end of the transaction, so numbers have no gaps and no doubles.
func (t *Tx) next(ctx context.Context, name string) (int64, error) {
	var n int64
	err := t.tx.QueryRowContext(ctx, `INSERT INTO sequences (name, value, text) VALUES ($1, 1, '')
		ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value`, name).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", name, err)
	}
	return n, nil
}

func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", verb(query), err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", verb(query), err)
	}
	return n, nil
}

// one reads the record of a query for one doc column, or returns the error none.
func one[T any](ctx context.Context, t *Tx, none *rights.Error, query string, args ...any) (*T, error) {
	var doc string
	err := t.tx.QueryRowContext(ctx, query, args...).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, none
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	v := new(T)
	if err := json.Unmarshal([]byte(doc), v); err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	return v, nil
}

func missing(format string, args ...any) *rights.Error {
	return rights.Errorf(rights.NotFound, format, args...)
}

// many reads the records of a query for one doc column.
func many[T any](ctx context.Context, t *Tx, query string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return nil, fmt.Errorf("%s: %w", verb(query), err)
		}
		var v T
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			return nil, fmt.Errorf("%s: %w", verb(query), err)
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

func (t *Tx) count(ctx context.Context, query string, args ...any) (int, error) {
	var n int
	if err := t.tx.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: %w", verb(query), err)
	}
	return n, nil
}

// verb is the start of a statement, for the log.
func verb(query string) string {
	if i := strings.IndexByte(query, '\n'); i > 0 {
		query = query[:i]
	}
	return strings.TrimSpace(query)
}

func micros(t time.Time) int64 { return t.UTC().UnixMicro() }

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

// like makes a LIKE pattern that finds s anywhere.
func like(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(s)) + "%"
}
