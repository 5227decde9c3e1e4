package claims

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"filippo.io/age"
	"github.com/gabriel-vasile/mimetype"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// The limits on files.
const (
	MaxFileBytes  = 10 << 20
	MaxFiles      = 8  // at a time
	MaxClaimFiles = 24 // of a claim in all
)

// Upload is a file as it was sent.
type Upload struct {
	Kind    rights.ProofKind
	Name    string
	Content []byte
}

// checkFiles names what is wrong with files: their number, size and real type.
// A file is named by its place among those of its kind: proofs.identity[0].
func checkFiles(files []Upload, have int) []rights.Field {
	var fields []rights.Field
	if len(files) > MaxFiles {
		fields = append(fields, rights.Field{Name: "proofs", Detail: "一次最多上传 8 个文件"})
	} else if len(files)+have > MaxClaimFiles {
		fields = append(fields, rights.Field{Name: "proofs", Detail: "一项主张最多上传 24 个文件"})
	}
	place := map[rights.ProofKind]int{}
	for _, u := range files {
		detail := u.fault()
		if detail != "" {
			fields = append(fields, rights.Field{Name: fmt.Sprintf("proofs.%s[%d]", u.Kind, place[u.Kind]), Detail: detail})
		}
		place[u.Kind]++
	}
	return fields
}

func (u Upload) fault() string {
	switch u.Kind {
	case rights.ProofIdentity, rights.ProofOwnership, rights.ProofAuthority:
	default:
		return "文件的用途不明"
	}
	switch {
	case len(u.Content) == 0:
		return "这个文件是空的"
	case len(u.Content) > MaxFileBytes:
		return "文件超过 10 MiB"
	case u.mediaType() == "":
		return "文件的实际类型不受支持，请上传 PDF、JPEG、PNG、HEIC 或者 WebP"
	}
	return ""
}

// mediaType is what the bytes are, whatever the name says, or "" where that is
// not taken.
func (u Upload) mediaType() string {
	m := mimetype.Detect(u.Content)
	for _, t := range []string{"application/pdf", "image/jpeg", "image/png", "image/heic", "image/heif", "image/webp"} {
		if m.Is(t) {
			return t
		}
	}
	return ""
}

// sealed is an upload that is ready for the disk.
type sealed struct {
	proof   rights.Proof
	content []byte
}

// seal encrypts files in memory: their plain bytes never touch a disk.
func (o *Office) seal(files []Upload) ([]sealed, error) {
	list := make([]sealed, 0, len(files))
	for _, u := range files {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, o.keys.first.Recipient())
		if err != nil {
			return nil, fmt.Errorf("encrypt a proof: %w", err)
		}
		_, err = w.Write(u.Content)
		if err := errors.Join(err, w.Close()); err != nil {
			return nil, fmt.Errorf("encrypt a proof: %w", err)
		}
		sum := sha256.Sum256(b.Bytes())
		list = append(list, sealed{rights.Proof{
			Kind: u.Kind, Name: fileName(u.Name), MediaType: u.mediaType(), Size: int64(len(u.Content)), SHA256: hex.EncodeToString(sum[:]),
		}, b.Bytes()})
	}
	return list, nil
}

// keep writes files to disk, then their rows. It is the last step of its
// transaction: where it fails it removes the files again, and a file without a
// row is all that a commit that fails can leave.
func (o *Office) keep(ctx context.Context, tx *store.Tx, claimID string, files []sealed) (err error) {
	if len(files) == 0 {
		return nil
	}
	folder := filepath.Join(o.shelf.Dir, shelf.Proofs, claimID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("keep a proof: %w", err)
	}
	var written []string
	defer func() {
		for _, name := range written {
			if err != nil {
				err = errors.Join(err, os.Remove(name))
			}
		}
	}()
	for _, f := range files {
		name := rand.Text() + o.shelf.Suffix() + ".age"
		if err := writeNew(filepath.Join(folder, name), f.content); err != nil {
			return fmt.Errorf("keep a proof: %w", err)
		}
		written = append(written, filepath.Join(folder, name))
		f.proof.ClaimID, f.proof.File = claimID, strings.Join([]string{shelf.Proofs, claimID, name}, "/")
		if err := tx.AddProof(ctx, &f.proof); err != nil {
			return err
		}
	}
	return errors.Join(syncFolder(filepath.Dir(folder)), syncFolder(o.shelf.Dir))
}

// fileName is the last part of a name, without what a screen cannot show.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(name, ""))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:60]) + "…" + string(r[len(r)-59:])
	}
	return name
}

// OpenProof decrypts a file for counsel. The opening is in the record before
// the bytes are given.
func (o *Office) OpenProof(ctx context.Context, by rights.Actor, claimID string, id int64) (p *rights.Proof, content []byte, err error) {
	if by.Role != rights.RoleCounsel {
		return nil, nil, rights.Errorf(rights.Forbidden, "只有律师可以打开证明文件")
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		p, err = tx.Proof(ctx, claimID, id)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if p.ErasedAt != nil {
		return nil, nil, rights.Errorf(rights.NotFound, "这份材料已按保存期限删除")
	}
	if content, err = o.unseal(ctx, p); err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", p.File, err)
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddEvent(ctx, &rights.Event{
			Subject: claimID, Action: "proof.opened", Actor: by.Login, Name: by.Name, Reason: rights.Note("文件 %d：%s", p.ID, p.Name),
		})
	})
	if err != nil {
		return nil, nil, err
	}
	return p, content, nil
}

func (o *Office) unseal(ctx context.Context, p *rights.Proof) ([]byte, error) {
	b, err := o.shelf.Read(ctx, p.File, p.SHA256)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(b), o.keys.all...)
	if errors.As(err, new(*age.NoIdentityMatchError)) {
		return nil, rights.Errorf(rights.Unavailable, "这份材料是用另一把密钥加密的，本机的密钥文件打不开；请管理员把那把密钥加入本机的密钥文件").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Store copies to the storage the files that this machine took in, so that others can
// open them. One that cannot be copied now is copied the next time.
func (o *Office) Store(ctx context.Context) error {
	if !o.shelf.Shared() {
		return nil
	}
	list, err := o.proofs(ctx, store.ProofUnstored)
	for _, p := range list {
		if p.ErasedAt != nil || shelf.Machine(p.File) != o.shelf.Machine {
			continue
		}
		if failed := o.storeOne(ctx, p); failed != nil {
			err = errors.Join(err, fmt.Errorf("copy %s: %w", p.File, failed))
		}
	}
	return err
}

func (o *Office) storeOne(ctx context.Context, p rights.Proof) error {
	b, err := o.shelf.Read(ctx, p.File, p.SHA256)
	if err != nil {
		return err
	}
	if err := o.shelf.Keep(ctx, p.File, b); err != nil {
		return err
	}
	return o.stored(ctx, p, store.ProofStored)
}

func (o *Office) proofs(ctx context.Context, s store.ProofStorage) (list []rights.Proof, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		list, err = tx.ProofsByStorage(ctx, s)
		return err
	})
	return list, err
}

func (o *Office) stored(ctx context.Context, p rights.Proof, s store.ProofStorage) error {
	return o.db.Update(ctx, func(tx *store.Tx) error { return tx.PutProofStorage(ctx, p.ID, s) })
}

// VerifyProofs re-reads the proofs against their digests and reports each that cannot
// be read. It needs no key.
func VerifyProofs(ctx context.Context, s *shelf.Shelf, report func(p rights.Proof, err error)) error {
	var list []rights.Proof
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Proofs(ctx)
		return err
	})
	for _, p := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := s.Read(ctx, p.File, p.SHA256)
		switch {
		case p.ErasedAt == nil && err != nil:
			report(p, err)
		case p.ErasedAt != nil && (err == nil || rights.KindOf(err) == rights.Conflict):
			report(p, rights.Errorf(rights.Conflict, "应已删除的文件仍在：%s", p.File))
		}
	}
	return err
}
