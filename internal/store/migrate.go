package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies the migrations that are not yet in place, in the order of
// their names, each in its own transaction. There is no way back.
func migrate(ctx context.Context, db *sql.DB, d dialect, log *slog.Logger) error {
	unlock, err := d.lock(ctx, db)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := apply(ctx, db, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	m, err := rivermigrate.New(d.river(db), &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	if have, err := m.ExistingVersions(ctx); err != nil || len(have) == len(m.AllVersions()) {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func apply(ctx context.Context, db *sql.DB, name string) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	res, err := tx.ExecContext(ctx, "INSERT INTO migrations (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for statement := range strings.SplitSeq(string(text), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", verb(strings.TrimSpace(statement)), err)
		}
	}
	return tx.Commit()
}
