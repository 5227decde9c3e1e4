package portal

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

const (
	maxParts = 300
	maxValue = 64 << 10 // bytes of one typed value
)

// form is what a browser sent.
type form struct {
	url.Values

	files []claims.Upload
}

// readForm reads a form into memory: the files of claimants must not touch the
// disk in plain. It waits for its turn, so that a few big forms at a time are
// all that memory must hold.
func (p *portal) readForm(c echo.Context) (form, error) {
	r, w := c.Request(), c.Response()
	if !p.tries.take(c.RealIP()) {
		return form{}, rights.Errorf(rights.TooMany, "提交过于频繁，请十分钟后再试")
	}
	if r.ContentLength > maxBody {
		return form{}, tooLarge()
	}
	wait := time.NewTimer(waitForTurn)
	defer wait.Stop()
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-wait.C:
		return form{}, rights.Errorf(rights.Unavailable, "现在提交的人较多，请稍后再试")
	case <-r.Context().Done():
		return form{}, r.Context().Err()
	}
	// The server's own deadlines are for requests without files.
	control, by := http.NewResponseController(w), time.Now().Add(uploadTime)
	if err := errors.Join(control.SetReadDeadline(by), control.SetWriteDeadline(by)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return form{}, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	f, err := decode(r)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return form{}, tooLarge()
	case err != nil:
		return form{}, &rights.Error{Kind: rights.Invalid, Detail: "表单没有完整送达，请返回上一页重新提交", Err: err}
	}
	return f, nil
}

func tooLarge() error {
	return rights.Errorf(rights.TooLarge, "上传的文件合计超过 90 MiB，请返回上一页，减少文件后再提交")
}

func decode(r *http.Request) (form, error) {
	f := form{Values: url.Values{}}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "multipart/form-data" {
		if err := r.ParseForm(); err != nil {
			return form{}, err
		}
		f.Values = r.PostForm
		return f, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return form{}, err
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return form{}, err
		}
		if err := f.add(part); err != nil {
			return form{}, err
		}
	}
	return form{}, errors.New("more parts than any form of ours has")
}

// add reads one part. Of a file that is over the limit, no more is kept than
// shows that it is.
func (f *form) add(part *multipart.Part) error {
	kind, isProof := strings.CutPrefix(part.FormName(), "proofs.")
	if !isProof {
		b, err := io.ReadAll(io.LimitReader(part, maxValue))
		f.Add(part.FormName(), string(b))
		return err
	}
	b, err := io.ReadAll(io.LimitReader(part, claims.MaxFileBytes+1))
	if err != nil || part.FileName() == "" {
		return err
	}
	f.files = append(f.files, claims.Upload{Kind: rights.ProofKind(kind), Name: part.FileName(), Content: b})
	return nil
}

// noArticle is the choice "none of these": what was typed counts.
const noArticle = "-"

// filing is the form as a filing.
func (f *form) filing() claims.Filing {
	article := f.article()
	return claims.Filing{
		Key: f.Get("key"),
		Claimant: rights.Claimant{
			Name: f.Get("claimant.name"), Kind: f.Get("claimant.kind"), Email: f.Get("claimant.email"), Phone: f.Get("claimant.phone"),
			Address: f.Get("claimant.address"), Agent: f.Get("claimant.agent"), Authority: f.Get("claimant.authority"),
		},
		Page: f.Get("page"), Article: strings.TrimPrefix(article, noArticle), AsGiven: article == noArticle,
		Work: rights.ClaimWork{
			Title: f.Get("work.title"), URL: f.Get("work.url"), Published: f.Get("work.published"), Details: f.Get("work.details"),
		},
		Wrongs: listed[rights.Wrong](f.Values["wrongs"]), Details: f.Get("details"), Asked: listed[rights.Remedy](f.Values["asked"]),
		Truth: f.Has("truth"), Consent: f.Has("consent"), ConsentID: f.Has("consent_id"), Files: f.files,
	}
}

// article is the chosen article, as long as it was chosen for the page that is
// typed now.
func (f *form) article() string {
	if f.Has("looked") && f.Get("looked") != f.Get("page") {
		return ""
	}
	return f.Get("article")
}

func listed[T ~string](values []string) []T {
	list := make([]T, len(values))
	for i, v := range values {
		list[i] = T(v)
	}
	return list
}
