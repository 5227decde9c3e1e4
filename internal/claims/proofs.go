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
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"filippo.io/age"
	"github.com/gabriel-vasile/mimetype"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// The limits on files.
const (
	MaxFileBytes  = 10 << 20
	MaxFiles      = 8  // at a time
	MaxClaimFiles = 24 // of a claim in all
)

const proofFolder = "proofs"

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
		w, err := age.Encrypt(&b, o.key.Recipient())
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
	folder := filepath.Join(o.data, proofFolder, claimID)
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
		name := rand.Text() + ".age"
		if err := writeNew(filepath.Join(folder, name), f.content); err != nil {
			return fmt.Errorf("keep a proof: %w", err)
		}
		written = append(written, filepath.Join(folder, name))
		f.proof.ClaimID, f.proof.File = claimID, strings.Join([]string{proofFolder, claimID, name}, "/")
		if err := tx.AddProof(ctx, &f.proof); err != nil {
			return err
		}
	}
	return errors.Join(syncFolder(filepath.Dir(folder)), syncFolder(o.data))
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
	if content, err = o.unseal(p); err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", p.File, err)
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddEvent(ctx, &rights.Event{
			Subject: claimID, Action: "proof.opened", Actor: by.Login, Name: by.Name, Reason: fmt.Sprintf("文件 %d：%s", p.ID, p.Name),
		})
	})
	if err != nil {
		return nil, nil, err
	}
	return p, content, nil
}

func (o *Office) unseal(p *rights.Proof) ([]byte, error) {
	b, err := readProof(o.data, p)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(b), o.key)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func readProof(data string, p *rights.Proof) ([]byte, error) {
	if !filepath.IsLocal(p.File) {
		return nil, errors.New("leads out of the data folder")
	}
	b, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(p.File)))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != p.SHA256 {
		return nil, errors.New("was changed: its digest does not fit")
	}
	return b, nil
}

// VerifyProofs re-reads the proofs of a data folder against their digests and
// reports each that is missing or was changed. It needs no key.
func VerifyProofs(ctx context.Context, db *store.DB, data string, report func(p rights.Proof, detail string)) error {
	return db.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Proofs(ctx)
		for _, p := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			switch _, err := readProof(data, &p); {
			case p.ErasedAt != nil:
				if !errors.Is(err, fs.ErrNotExist) {
					report(p, "was to be erased and is still there")
				}
			case errors.Is(err, fs.ErrNotExist):
				report(p, "is missing")
			case err != nil:
				report(p, err.Error())
			}
		}
		return err
	})
}
