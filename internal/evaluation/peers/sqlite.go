package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

func openSQLite(ctx context.Context, s *set) (*opened, error) {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "fts5"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	o := &opened{close: func() error {
		return errors.Join(db.Close(), os.RemoveAll(dir))
	}}
	if err := fillSQLite(ctx, db, folded(s.registered)); err != nil {
		return nil, errors.Join(err, o.close())
	}
	o.look = func(ctx context.Context, page string) ([]answer, error) {
		list := grams(fold(page))
		slices.Sort(list)
		query := `"` + strings.Join(slices.Compact(list), `" OR "`) + `"`
		return answers(db.QueryContext(ctx, `SELECT rowid, -bm25(articles) FROM articles WHERE articles MATCH $1 ORDER BY rank LIMIT $2`, query, bestOf))
	}
	return o, nil
}

func fillSQLite(ctx context.Context, db *sql.DB, texts []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, `CREATE VIRTUAL TABLE articles USING fts5(body, tokenize='trigram')`); err != nil {
		return err
	}
	for i, text := range texts {
		if _, err := tx.ExecContext(ctx, `INSERT INTO articles(rowid, body) VALUES ($1, $2)`, i, text); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO articles(articles) VALUES ('optimize')`); err != nil {
		return err
	}
	return tx.Commit()
}

// answers reads rows of article and score.
func answers(rows *sql.Rows, err error) ([]answer, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []answer
	for rows.Next() {
		var a answer
		if err := rows.Scan(&a.Article, &a.Score); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}
