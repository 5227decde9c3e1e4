// Package vault keeps sealed files in an S3-compatible store. A file is written
// once: nothing here overwrites one, and only [Vault.Remove] deletes.
package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"rightsdesk/internal/rights"
)

// digestKey is under which an object says its SHA-256.
const digestKey = "Sha256"

// Vault is a bucket, or a part of one.
type Vault struct {
	client *minio.Client
	bucket string
	prefix string
	name   string
}

// Open prepares the store at a URL, s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R;
// with insecure=true it speaks plain HTTP. The keys are AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY of the environment. Nothing is asked of the store yet.
func Open(address string) (*Vault, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	q := u.Query()
	client, err := minio.New(q.Get("endpoint"), &minio.Options{
		Creds: credentials.NewEnvAWS(), Region: q.Get("region"), Secure: q.Get("insecure") != "true",
		MaxRetries: 3, // somebody may be waiting; what is to be kept is tried again every hour
	})
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	prefix := strings.Trim(u.Path, "/")
	return &Vault{client: client, bucket: u.Host, prefix: prefix, name: "s3://" + path.Join(u.Host, prefix)}, nil
}

// String names the place, without keys.
func (v *Vault) String() string { return v.name }

func (v *Vault) key(name string) string { return path.Join(v.prefix, name) }

// Keep writes a file of size bytes with this SHA-256, in hex. One that is there
// already, and is the same, is left as it is; another is a [rights.Conflict].
func (v *Vault) Keep(ctx context.Context, name, digest string, r io.Reader, size int64) error {
	there, err := v.same(ctx, name, digest, size)
	if err != nil || there {
		return err
	}
	opt := minio.PutObjectOptions{
		ContentType: "application/octet-stream", UserMetadata: map[string]string{digestKey: digest},
		DisableMultipart: true, // only a single request can be refused where there is one already
	}
	opt.SetMatchETagExcept("*")
	_, err = v.client.PutObject(ctx, v.bucket, v.key(name), r, size, opt)
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusPreconditionFailed {
		return v.failed(err)
	}
	// Another may have been quicker; and not every store knows the condition.
	if there, err = v.same(ctx, name, digest, size); err == nil && !there {
		err = v.failed(errors.New("what was written is not there"))
	}
	return err
}

// same reports whether a file is there, and refuses one that is not the same.
func (v *Vault) same(ctx context.Context, name, digest string, size int64) (bool, error) {
	info, err := v.client.StatObject(ctx, v.bucket, v.key(name), minio.StatObjectOptions{})
	switch {
	case minio.ToErrorResponse(err).Code == minio.NoSuchKey:
		return false, nil
	case err != nil:
		return false, v.failed(err)
	case info.Size != size || info.UserMetadata[digestKey] != digest:
		return true, rights.Errorf(rights.Conflict, "存储 %s 中已有另一个 %s", v.name, name)
	}
	return true, nil
}

// Sum re-reads a file and returns its SHA-256, in hex. One that is not there is
// [rights.NotFound].
func (v *Vault) Sum(ctx context.Context, name string) (digest string, err error) {
	o, err := v.client.GetObject(ctx, v.bucket, v.key(name), minio.GetObjectOptions{})
	if err != nil {
		return "", v.failed(err)
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, o); err != nil {
		if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
			return "", rights.Errorf(rights.NotFound, "存储 %s 中没有 %s", v.name, name).Because(err)
		}
		return "", v.failed(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Remove deletes a file on which somebody decided; one that is not there is as it
// should be. A store that locks its objects refuses: that is [rights.Unavailable].
func (v *Vault) Remove(ctx context.Context, name string) error {
	err := v.client.RemoveObject(ctx, v.bucket, v.key(name), minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return v.failed(err)
	}
	return nil
}

func (v *Vault) failed(err error) error {
	return rights.Errorf(rights.Unavailable, "存储 %s 没有应答或拒绝了请求", v.name).Because(err)
}
