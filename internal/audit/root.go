package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// The subject of what concerns the record itself, and the action that enters a
// key.
const (
	subject   = "audit"
	actionKey = "audit.key"
)

// checkpoint is what the note of a root says.
type checkpoint struct {
	size int64
	root []byte
	at   time.Time
}

func (c checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, c.size, base64.StdEncoding.EncodeToString(c.root), c.at.UTC().Format(time.RFC3339))
}

// openNote checks the signature of a note against the keys and reads it.
func openNote(text string, keys []string) (checkpoint, error) {
	var c checkpoint
	var verifiers []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return c, fmt.Errorf("a key that signs roots: %w", err)
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifiers...))
	if err != nil {
		return c, fmt.Errorf("the signature of a root: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 {
		return c, errors.New("a root that is not as one is written")
	}
	var errs [3]error
	c.size, errs[0] = strconv.ParseInt(lines[1], 10, 64)
	c.root, errs[1] = base64.StdEncoding.DecodeString(lines[2])
	c.at, errs[2] = time.Parse(time.RFC3339, lines[3])
	if err := errors.Join(errs[:]...); err != nil || c.text() != n.Text {
		return c, errors.Join(errors.New("a root that is not as one is written"), err)
	}
	return c, nil
}

// trees makes Merkle trees of which only what goes on growing is kept.
func trees() *compact.RangeFactory {
	return &compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
}

// Sign makes the root over all entries of the record and keeps it. Where there is
// no entry that the last root does not cover, it returns nil. The first time, it
// enters the key.
func (k *Key) Sign(ctx context.Context, tx *store.Tx) (*rights.Root, error) {
	if err := k.enter(ctx, tx); err != nil {
		return nil, err
	}
	last, err := tx.LastRoot(ctx)
	if rights.KindOf(err) == rights.NotFound {
		last, err = &rights.Root{}, nil
	}
	if err != nil {
		return nil, err
	}
	head, _, err := tx.EventHead(ctx)
	if err != nil || head <= last.Size {
		return nil, err
	}
	tree, err := trees().NewRange(0, uint64(last.Size), last.Range)
	if err != nil {
		return nil, fmt.Errorf("the root over %d entries: %w", last.Size, err)
	}
	err = tx.EachEvent(ctx, last.Size, head, func(r store.EventRow) error {
		if r.Seq != int64(tree.End())+1 {
			return fmt.Errorf("the record lacks event %d", tree.End()+1)
		}
		return tree.Append(rfc6962.DefaultHasher.HashLeaf([]byte(r.Doc)), nil)
	})
	if err != nil {
		return nil, err
	}
	hash, err := tree.GetRootHash(nil)
	if err != nil {
		return nil, err
	}
	c := checkpoint{size: int64(tree.End()), root: hash, at: tx.Now}
	signed, err := note.Sign(&note.Note{Text: c.text()}, k.signer)
	if err != nil {
		return nil, err
	}
	root := &rights.Root{Size: c.size, At: c.at, Note: string(signed), Range: tree.Hashes()}
	if added, err := tx.AddRoot(ctx, root); err != nil || !added {
		return nil, err // another machine signed for the same entries
	}
	return root, nil
}

// enter puts the public key into the record, once.
func (k *Key) enter(ctx context.Context, tx *store.Tx) error {
	keys, err := publicKeys(ctx, tx)
	if err != nil || slices.Contains(keys, k.public) {
		return err
	}
	system := rights.SystemActor()
	return tx.AddEvent(ctx, &rights.Event{Subject: subject, Action: actionKey, Actor: system.Login, Name: system.Name, Reason: k.public})
}

// publicKeys are those that stand in the record.
func publicKeys(ctx context.Context, tx *store.Tx) (keys []string, err error) {
	events, err := tx.Events(ctx, subject)
	for _, e := range events {
		if e.Action == actionKey {
			keys = append(keys, e.Reason)
		}
	}
	return keys, err
}
