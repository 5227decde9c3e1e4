package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Summary counts what Verify re-read. Head is the hash of the last entry.
type Summary struct {
	Events int
	Roots  int
	Head   string
}

// Verify re-reads the record and its roots, and reports every entry that was
// changed, removed or moved, by its number.
func Verify(ctx context.Context, tx *store.Tx, report func(seq int64, detail string)) (Summary, error) {
	roots, err := tx.Roots(ctx)
	if err != nil {
		return Summary{}, err
	}
	v := &verifier{tree: trees().NewEmptyRange(0), follows: true, hashes: map[int64][]byte{}}
	v.report = func(seq int64, detail string) {
		v.broken = true
		report(seq, detail)
	}
	for _, r := range roots {
		v.hashes[r.Size] = nil
	}
	if err := tx.EachEvent(ctx, 0, math.MaxInt64, v.entry); err != nil {
		return v.sum, err
	}
	seq, hash, err := tx.EventHead(ctx)
	if err != nil {
		return v.sum, err
	}
	if seq != v.last || v.follows && hash != v.sum.Head {
		v.report(max(seq, v.last), fmt.Sprintf("should be the last, and event %d is: entries were taken off the end or added", v.last))
	}
	v.roots(roots)
	return v.sum, nil
}

// verifier goes through the record once.
type verifier struct {
	report func(seq int64, detail string)
	broken bool // something was reported

	last    int64 // the number of the row before
	follows bool  // sum.Head is the hash that the next entry must follow
	keys    []string
	tree    *compact.Range
	hashes  map[int64][]byte // the roots to be compared, by size; nil until there
	sum     Summary
}

// entry takes in the next row.
func (v *verifier) entry(r store.EventRow) error {
	v.sum.Events++
	if r.Seq != v.last+1 {
		v.report(v.last+1, fmt.Sprintf("is missing, and all up to event %d", r.Seq-1))
		v.follows = false
	}
	v.last = r.Seq
	var e rights.Event
	if err := json.Unmarshal([]byte(r.Doc), &e); err != nil {
		v.report(r.Seq, "cannot be read: "+err.Error())
		v.follows = false
		return v.grow(r)
	}
	again, err := json.Marshal(e)
	if err != nil {
		return err
	}
	hash, err := e.Follow(v.sum.Head)
	if err != nil {
		return err
	}
	moved := e.Seq != r.Seq
	switch {
	case moved:
		v.report(r.Seq, fmt.Sprintf("was moved: it says that it is event %d", e.Seq))
	case string(again) != r.Doc:
		v.report(r.Seq, "was changed: it is not as an event is written")
	case v.follows && hash != e.Hash:
		v.report(r.Seq, "was changed, or the one before it: its hash does not fit")
	case e.Subject != r.Subject || e.At.UnixMicro() != r.At:
		v.report(r.Seq, "is filed under another subject or time")
	}
	if e.Subject == subject && e.Action == actionKey {
		v.keys = append(v.keys, e.Reason)
	}
	v.sum.Head, v.follows = e.Hash, !moved
	return v.grow(r)
}

// grow adds a leaf, and keeps the root where one was signed.
func (v *verifier) grow(r store.EventRow) error {
	if err := v.tree.Append(rfc6962.DefaultHasher.HashLeaf([]byte(r.Doc)), nil); err != nil {
		return err
	}
	size := int64(v.tree.End())
	if _, signed := v.hashes[size]; !signed {
		return nil
	}
	hash, err := v.tree.GetRootHash(nil)
	v.hashes[size] = hash
	return err
}

// roots compares what was signed with what the entries give. Where an entry is
// known to be wrong, that a root differs is no news.
func (v *verifier) roots(roots []rights.Root) {
	var before int64
	for _, r := range roots {
		v.sum.Roots++
		c, err := openNote(r.Note, v.keys)
		switch {
		case err != nil:
			v.report(r.Size, "ends a root that does not stand: "+err.Error())
		case c.size != r.Size || c.at.Unix() != r.At.Unix():
			v.report(r.Size, "ends a root that was signed for another size or time")
		case r.Size > v.last:
			v.report(r.Size, fmt.Sprintf("was signed for, and event %d is the last", v.last))
		case string(c.root) != string(v.hashes[r.Size]) && !v.broken:
			v.report(before+1, fmt.Sprintf("or one after it, up to event %d, was rewritten: they are not those that were signed", r.Size))
		}
		before = r.Size
	}
}
