package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// The formats of a report's files.
const (
	formatHTML = "html"
	formatPDF  = "pdf"
)

// Report writes the letter of a case as HTML and PDF into the data folder,
// marked as a draft. From the approval on it returns the letter that was
// approved: nobody has approved another.
func (c *Cases) Report(ctx context.Context, by rights.Actor, id string) (*rights.Report, error) {
	var f *File
	var at edition
	err := c.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		at = edition{by: by, at: tx.Now}
		f, err = c.read(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if r, ok := f.approvedReport(); ok {
		switch f.Case.State {
		case rights.CaseApproved, rights.CaseSent, rights.CaseClosed:
			for _, format := range []string{formatHTML, formatPDF} {
				if _, err := c.readFile(ctx, r, format); err != nil {
					return nil, err
				}
			}
			return &r, nil
		case rights.CaseOpen, rights.CaseHeld, rights.CaseConfirmed, rights.CaseCleared:
		}
	}
	w, err := c.write(ctx, f, at)
	if err != nil {
		return nil, err
	}
	done := false
	err = c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddReport(ctx, w.report); err != nil {
			return err
		}
		err := tx.AddEvent(ctx, &rights.Event{
			Subject: id, Action: "case.report", Actor: by.Login, Name: by.Name, Reason: rights.Note("写出函件草稿，PDF 的 SHA-256：%s", w.report.PDFSHA),
		})
		done = err == nil
		return err
	})
	if err != nil {
		if !done {
			w.discard()
		}
		return nil, err
	}
	return w.report, nil
}

// written is a letter on disk whose row is not in the store yet.
type written struct {
	report   *rights.Report
	answerBy string
	files    []string
}

// discard takes the files away again. What cannot be taken away lies in the folder, or
// in the storage, without a row, and does no harm.
func (w *written) discard() {
	for _, f := range w.files {
		_ = os.Remove(f)
	}
}

// write composes the letter and puts its files into the data folder.
func (c *Cases) write(ctx context.Context, f *File, e edition) (*written, error) {
	letter, err := c.letter(f, e)
	if err != nil {
		return nil, err
	}
	var page, pdf bytes.Buffer
	if err := letters.HTML(&page, letter); err != nil {
		return nil, err
	}
	undrawn, err := letters.PDF(&pdf, letter)
	if err != nil {
		return nil, err
	}
	w := &written{answerBy: letter.AnswerBy, report: &rights.Report{
		CaseID: f.Case.ID, By: e.by.Login, Draft: letter.Draft, Title: letter.Title, Missing: letter.Missing(), Undrawn: string(undrawn),
		HTMLSHA: digest(page.Bytes()), PDFSHA: digest(pdf.Bytes()),
	}}
	name, err := c.reserve(f.Case.ID, e)
	if err != nil {
		return nil, err
	}
	w.report.HTMLFile, w.report.PDFFile = name+"."+formatHTML, name+"."+formatPDF
	for file, b := range map[string][]byte{w.report.HTMLFile: page.Bytes(), w.report.PDFFile: pdf.Bytes()} {
		at := filepath.Join(c.opt.Config.Data, filepath.FromSlash(file))
		w.files = append(w.files, at)
		if err := errors.Join(writeFile(at, b), c.opt.Shelf.Keep(ctx, file, b)); err != nil {
			w.discard()
			return nil, err
		}
	}
	return w, nil
}

// reserve finds a name that no report of the case has: it creates the HTML file,
// empty, and fails over to the next number where there is one. The name is
// relative to the data folder and has no ending.
func (c *Cases) reserve(caseID string, e edition) (string, error) {
	folder := path.Join("reports", caseID)
	if err := os.MkdirAll(filepath.Join(c.opt.Config.Data, filepath.FromSlash(folder)), 0o750); err != nil {
		return "", fmt.Errorf("folder of reports: %w", err)
	}
	stamp := e.at.In(rights.China).Format("20060102-150405")
	for n := 1; ; n++ {
		name := path.Join(folder, fmt.Sprintf("%s-%d%s", stamp, n, c.opt.Shelf.Suffix()))
		file, err := os.OpenFile(filepath.Join(c.opt.Config.Data, filepath.FromSlash(name))+"."+formatHTML, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("file of a report: %w", err)
		}
		return name, file.Close()
	}
}

// writeFile puts a whole file on disk, or none.
func writeFile(name string, b []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(name), ".tmp-*")
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write a report: %w", errors.Join(err, os.Remove(temp.Name())))
		}
	}()
	_, err = temp.Write(b)
	if err = errors.Join(err, temp.Chmod(0o640), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// ReportFile reads a report's file, "html" or "pdf", and refuses one whose
// digest does not agree.
func (c *Cases) ReportFile(ctx context.Context, caseID string, report int64, format string) ([]byte, error) {
	var list []rights.Report
	err := c.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		if _, err := tx.Case(ctx, caseID); err != nil {
			return err
		}
		list, err = tx.Reports(ctx, caseID)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if r.ID == report {
			return c.readFile(ctx, r, format)
		}
	}
	return nil, rights.Errorf(rights.NotFound, "案件 %s 没有编号为 %d 的函件", caseID, report)
}

func (c *Cases) readFile(ctx context.Context, r rights.Report, format string) ([]byte, error) {
	name, want := r.PDFFile, r.PDFSHA
	switch format {
	case formatPDF:
	case formatHTML:
		name, want = r.HTMLFile, r.HTMLSHA
	default:
		return nil, rights.Errorf(rights.NotFound, "函件只有 html 和 pdf 两种格式")
	}
	return c.opt.Shelf.Read(ctx, name, want)
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// syncFolder makes a rename last through a power failure.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
