package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Proof shows that entries stand in the record, under one signed root.
type Proof struct {
	Keys    []string `json:"keys"` // public keys, one of which signed
	Note    string   `json:"note"` // the root, signed
	Entries []Entry  `json:"entries"`
}

// Entry is one entry and its way to the root.
type Entry struct {
	Seq  int64    `json:"seq"`
	Leaf string   `json:"leaf"` // JSON of a rights.Event, byte for byte
	Path [][]byte `json:"path"` // hashes beside the way, from the leaf upward
}

// Prove gives those of the events that the newest root covers, in their order.
// Without a root it is [rights.NotFound].
func Prove(ctx context.Context, tx *store.Tx, events []rights.Event) (*Proof, error) {
	root, err := tx.LastRoot(ctx)
	if err != nil {
		return nil, err
	}
	p := &Proof{Note: root.Note}
	if p.Keys, err = publicKeys(ctx, tx); err != nil {
		return nil, err
	}
	var seqs []int64
	for _, e := range events {
		if e.Seq <= root.Size {
			seqs = append(seqs, e.Seq)
		}
	}
	slices.Sort(seqs)
	p.Entries, err = climb(ctx, tx, root.Size, slices.Compact(seqs))
	return p, err
}

// climb finds the ways of entries to the root over size, in one pass over all.
func climb(ctx context.Context, tx *store.Tx, size int64, seqs []int64) ([]Entry, error) {
	leaves := map[int64]string{}
	nodes := map[compact.NodeID][]byte{} // that are wanted
	ways := make([]proof.Nodes, len(seqs))
	for i, seq := range seqs {
		var err error
		if ways[i], err = proof.Inclusion(uint64(seq-1), uint64(size)); err != nil {
			return nil, err
		}
		for _, id := range ways[i].IDs {
			nodes[id] = nil
		}
		leaves[seq] = ""
	}
	visit := func(id compact.NodeID, hash []byte) {
		if _, ok := nodes[id]; ok {
			nodes[id] = hash
		}
	}
	tree := trees().NewEmptyRange(0)
	err := tx.EachEvent(ctx, 0, size, func(r store.EventRow) error {
		if _, ok := leaves[r.Seq]; ok {
			leaves[r.Seq] = r.Doc
		}
		return tree.Append(rfc6962.DefaultHasher.HashLeaf([]byte(r.Doc)), visit)
	})
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(seqs))
	for i, seq := range seqs {
		var beside [][]byte
		for _, id := range ways[i].IDs {
			beside = append(beside, nodes[id])
		}
		path, err := ways[i].Rehash(beside, rfc6962.DefaultHasher.HashChildren)
		if err != nil {
			return nil, err
		}
		entries[i] = Entry{Seq: seq, Leaf: leaves[seq], Path: path}
	}
	return entries, nil
}

// Check recomputes the root from each entry and returns the entries. It does not
// say whose key it is: the stamps of the note say since when it stands.
func (p *Proof) Check() ([]rights.Event, error) {
	c, err := openNote(p.Note, p.Keys)
	if err != nil {
		return nil, err
	}
	events := make([]rights.Event, len(p.Entries))
	for i, e := range p.Entries {
		if e.Seq < 1 || e.Seq > c.size {
			return nil, fmt.Errorf("event %d is not under a root over %d", e.Seq, c.size)
		}
		leaf := rfc6962.DefaultHasher.HashLeaf([]byte(e.Leaf))
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(e.Seq-1), uint64(c.size), leaf, e.Path, c.root); err != nil {
			return nil, fmt.Errorf("event %d does not stand in the record that was signed: %w", e.Seq, err)
		}
		if err := json.Unmarshal([]byte(e.Leaf), &events[i]); err != nil {
			return nil, fmt.Errorf("event %d cannot be read: %w", e.Seq, err)
		}
		if events[i].Seq != e.Seq {
			return nil, fmt.Errorf("event %d says that it is event %d", e.Seq, events[i].Seq)
		}
	}
	return events, nil
}
