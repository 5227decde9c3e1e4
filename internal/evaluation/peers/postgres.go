package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// openPostgres works in a database of its own, whose locale takes Chinese
// characters for letters: pg_trgm leaves out what is none.
func openPostgres(ctx context.Context, s *set) (*opened, error) {
	server := os.Getenv("RIGHTSDESK_TEST_POSTGRES")
	if server == "" {
		return nil, errors.New("RIGHTSDESK_TEST_POSTGRES is not set; make bench-peers starts a server and sets it")
	}
	for _, statement := range []string{
		`DROP DATABASE IF EXISTS peers`,
		`CREATE DATABASE peers TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`,
	} {
		if err := execOnce(ctx, server, statement); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	u.Path = "/peers"
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	o := &opened{close: func() error {
		return errors.Join(db.Close(), execOnce(ctx, server, `DROP DATABASE peers`))
	}}
	if err := fillPostgres(ctx, db, folded(s.registered)); err != nil {
		return nil, errors.Join(err, o.close())
	}
	var backend int
	if err := db.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&backend); err != nil {
		return nil, errors.Join(err, o.close())
	}
	mine, err := stat(backend)
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	if o.processes, err = family(mine.parent); err != nil {
		return nil, errors.Join(err, o.close())
	}
	o.look = func(ctx context.Context, page string) ([]answer, error) {
		return answers(db.QueryContext(ctx,
			`SELECT n, greatest(word_similarity(body, $1), word_similarity($1, body)) FROM articles WHERE body % $1`, fold(page)))
	}
	return o, nil
}

func execOnce(ctx context.Context, server, statement string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

func fillPostgres(ctx context.Context, db *sql.DB, texts []string) error {
	for _, statement := range []string{
		`CREATE EXTENSION pg_trgm`,
		`CREATE TABLE articles (n BIGINT, body TEXT)`,
		`CREATE INDEX ON articles USING gin (body gin_trgm_ops)`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for i, text := range texts {
		if _, err := db.ExecContext(ctx, `INSERT INTO articles VALUES ($1, $2)`, i, text); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`VACUUM ANALYZE articles`,
		`SET pg_trgm.similarity_threshold = 0.1`,
		`SET max_parallel_workers_per_gather = 0`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
