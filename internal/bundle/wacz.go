package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// resource is a line of datapackage.json.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"` // sha256:…
	Bytes int64  `json:"bytes"`
}

// dataPackage is datapackage.json.
type dataPackage struct {
	Profile     string     `json:"profile"`
	WACZVersion string     `json:"wacz_version"`
	Title       string     `json:"title"`
	Software    string     `json:"software"`
	Created     time.Time  `json:"created"`
	MainPageURL string     `json:"mainPageUrl"`
	Resources   []resource `json:"resources"`
}

// packageDigest is datapackage-digest.json.
type packageDigest struct {
	Path string `json:"path"`
	Hash string `json:"hash"`
}

// packer writes the files of a bundle and remembers their digests.
type packer struct {
	zip  *zip.Writer
	at   time.Time
	list []resource
}

// raw writes a file that is not listed.
func (p *packer) raw(name string, content []byte) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: p.at})
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	_, err = w.Write(content)
	return err
}

func (p *packer) add(name string, content []byte) error {
	p.list = append(p.list, resource{Name: path.Base(name), Path: name, Hash: hashOf(content), Bytes: int64(len(content))})
	return p.raw(name, content)
}

func (p *packer) addJSON(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return p.add(name, append(b, '\n'))
}

// sums are the digests in the form of sha256sum.
func (p *packer) sums() []byte {
	var b strings.Builder
	for _, r := range p.list {
		fmt.Fprintf(&b, "%s  %s\n", strings.TrimPrefix(r.Hash, "sha256:"), r.Path)
	}
	return []byte(b.String())
}

func hashOf(b []byte) string { return "sha256:" + hexOf(b) }

func hexOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// cdxLine is a response in the index.
type cdxLine struct {
	URL      string `json:"url"`
	MIME     string `json:"mime"`
	Status   string `json:"status"`
	Digest   string `json:"digest"`
	Length   string `json:"length"`
	Offset   string `json:"offset"`
	Filename string `json:"filename"`

	at time.Time
}

// writeCDX writes an index as replay tools read it: by URL turned inside out, and
// by time.
func writeCDX(w io.Writer, list []cdxLine) error {
	lines := make([]string, len(list))
	for i, l := range list {
		b, err := json.Marshal(l)
		if err != nil {
			return err
		}
		lines[i] = surt(l.URL) + " " + l.at.UTC().Format("20060102150405") + " " + string(b) + "\n"
	}
	slices.Sort(lines)
	_, err := io.WriteString(w, strings.Join(lines, ""))
	return err
}

// surt turns a URL inside out, so that those of a site stand together:
// cn,yuncheng)/news?id=1.
func surt(address string) string {
	u, err := url.Parse(strings.ToLower(regexp.MustCompile(`^(https?://)www\d*\.`).ReplaceAllString(address, "$1")))
	if err != nil || u.Host == "" {
		return address
	}
	labels := strings.Split(u.Hostname(), ".")
	slices.Reverse(labels)
	key := strings.Join(labels, ",")
	if u.Port() != "" {
		key += ":" + u.Port()
	}
	key += ")" + u.EscapedPath()
	if u.EscapedPath() == "" {
		key += "/"
	}
	if u.RawQuery != "" {
		args := strings.Split(u.RawQuery, "&")
		slices.Sort(args)
		key += "?" + strings.Join(args, "&")
	}
	return key
}
