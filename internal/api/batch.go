package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

// batch says what registering many articles did, record by record.
type batch struct {
	Created   int           `json:"created"`
	Updated   int           `json:"updated"`
	Unchanged int           `json:"unchanged"`
	Failed    int           `json:"failed"`
	Results   []batchResult `json:"results"`
}

type batchResult struct {
	Record int            `json:"record"` // counts from 1
	Line   int            `json:"line"`   // on which the record begins, from 1
	ID     string         `json:"id,omitempty"`
	Change catalog.Change `json:"change,omitempty"`
	Detail string         `json:"detail,omitempty"` // why the record did not go in
	Errors []rights.Field `json:"errors,omitempty"`
}

// record is one article of a batch as it was sent.
type record struct {
	line int
	json []byte
}

// addArticles takes a JSON array, or JSON lines. A faulty record is named and
// the others go in.
func (a *api) addArticles(c echo.Context) error {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	records, err := split(body)
	if err != nil {
		return err
	}
	var b batch
	for i, r := range records {
		result, err := a.addRecord(c.Request().Context(), actor(c), r)
		if err != nil {
			if rights.KindOf(err) == rights.Internal {
				return err
			}
			l := locale.Of(c.Request())
			result.Detail, result.Errors = l.Error(err), l.Fields(err)
		}
		result.Record, result.Line = i+1, r.line
		b.add(result)
	}
	return respond(c, http.StatusOK, b)
}

func (a *api) addRecord(ctx context.Context, by rights.Actor, r record) (batchResult, error) {
	var article rights.Article
	if err := unmarshal(r.json, &article); err != nil {
		return batchResult{}, err
	}
	change, err := a.Catalog.Register(ctx, by, &article)
	return batchResult{ID: article.ID, Change: change}, err
}

func (b *batch) add(r batchResult) {
	switch r.Change {
	case catalog.Created:
		b.Created++
	case catalog.Updated:
		b.Updated++
	case catalog.Unchanged:
		b.Unchanged++
	default:
		b.Failed++
	}
	b.Results = append(b.Results, r)
}

// split cuts a body into its records. An array must be whole; of JSON lines each
// stands for itself.
func split(body []byte) ([]record, error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	var records []record
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		var err error
		if records, err = splitArray(body); err != nil {
			return nil, err
		}
	} else {
		line := 0
		for text := range bytes.Lines(body) {
			line++
			if text = bytes.TrimSpace(text); len(text) > 0 {
				records = append(records, record{line: line, json: text})
			}
		}
	}
	if len(records) == 0 {
		return nil, rights.Errorf(rights.Invalid, "没有可登记的记录")
	}
	return records, nil
}

func splitArray(body []byte) ([]record, error) {
	// A name that stands twice is found when its record is decoded.
	d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	fault := func(err error) ([]record, error) {
		return nil, malformed(rights.Errorf(rights.Invalid, "不是有效的 JSON，错误在第 %d 字节", d.InputOffset()).Because(err))
	}
	if _, err := d.ReadToken(); err != nil {
		return fault(err)
	}
	var records []record
	line, at := 1, 0
	for d.PeekKind() != ']' {
		value, err := d.ReadValue()
		if err != nil {
			return fault(err)
		}
		begin := int(d.InputOffset()) - len(value)
		line += bytes.Count(body[at:begin], []byte("\n"))
		records, at = append(records, record{line: line, json: bytes.Clone(value)}), begin
	}
	if _, err := d.ReadToken(); err != nil {
		return fault(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return fault(err)
	}
	return records, nil
}
