package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // the SQLite driver
)

// dialect is what differs between the databases.
type dialect struct {
	name       string
	splitPools bool   // one connection writes, others read
	forUpdate  string // locks the rows that a transaction is about to change
	check      string // reports what is broken in the file
	jobsOf     string // the condition that jobs were last begun by the worker $1
	clock      string // the time of the database, in microseconds; empty: one process is alone on it
	keepAlive  string // ends a SELECT of a worker that is not to be given up before the transaction ends
	skipLocked string // ends a SELECT of workers to be given up
	open       func(url string, a access) (*sql.DB, error)
	lock       func(ctx context.Context, db *sql.DB) (unlock func(), err error) // one migration at a time
	river      func(db *sql.DB) riverdriver.Driver[*sql.Tx]
}

// access says what a pool is for.
type access struct{ write bool }

func sqlite() dialect {
	return dialect{
		name: "sqlite", splitPools: true, check: "PRAGMA integrity_check", jobsOf: "$1 <> ''", // one process at a time works here
		open: func(path string, a access) (*sql.DB, error) {
			q := url.Values{"_pragma": {"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}}
			if a.write {
				q.Set("_txlock", "immediate")
			} else {
				q.Add("_pragma", "query_only(1)")
			}
			db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
			if err == nil && a.write {
				db.SetMaxOpenConns(1)
			} else if err == nil {
				db.SetMaxOpenConns(8)
			}
			return db, err
		},
		lock:  func(context.Context, *sql.DB) (func(), error) { return func() {}, nil },
		river: func(db *sql.DB) riverdriver.Driver[*sql.Tx] { return riversqlite.New(db) },
	}
}

func postgres() dialect {
	const migrationLock = 7_305_118_452
	return dialect{
		name: "postgres", forUpdate: " FOR UPDATE", jobsOf: "attempted_by[array_upper(attempted_by, 1)] = $1",
		clock:     "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT",
		keepAlive: " FOR KEY SHARE", skipLocked: " FOR UPDATE SKIP LOCKED",
		open: func(dsn string, _ access) (*sql.DB, error) {
			c, err := pgx.ParseConfig(dsn)
			if err != nil {
				return nil, err
			}
			// A process that stops in the middle of a transaction must not hold up
			// the others.
			c.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
			db := stdlib.OpenDB(*c)
			db.SetMaxOpenConns(16)
			return db, nil
		},
		lock: func(ctx context.Context, db *sql.DB) (func(), error) {
			conn, err := db.Conn(ctx)
			if err != nil {
				return nil, err
			}
			if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
				return nil, fmt.Errorf("wait for another migration: %w", err)
			}
			return func() {
				// Closing the session frees the lock where this fails.
				_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
				_ = conn.Close()
			}, nil
		},
		river: func(db *sql.DB) riverdriver.Driver[*sql.Tx] { return riverdatabasesql.New(db) },
	}
}
