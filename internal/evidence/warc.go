package evidence

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

const (
	warcVersion  = "WARC/1.1"
	maxWARCHead  = 64 << 10
	maxBlock     = 1 << 30
	typeInfo     = "warcinfo"
	typeResponse = "response"
	typeRequest  = "request"
	typeMetadata = "metadata"
	typeResource = "resource"
)

// record is a WARC record before it is written: named fields in order, a block.
type record struct {
	kind  string
	id    string
	url   string
	time  time.Time
	extra []field
	block []byte
}

type field struct{ name, value string }

func newID() string { return "urn:uuid:" + uuid.NewString() }

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// stamp is how a time stands in a record and in the manifest.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// member writes the record as one gzip member.
func (r *record) member() ([]byte, error) {
	fields := []field{{"WARC-Type", r.kind}, {"WARC-Record-ID", "<" + r.id + ">"}, {"WARC-Date", stamp(r.time)}}
	if r.url != "" {
		fields = append(fields, field{"WARC-Target-URI", r.url})
	}
	fields = append(fields, r.extra...)
	fields = append(fields, field{"WARC-Block-Digest", "sha256:" + sha256Hex(r.block)},
		field{"Content-Length", strconv.Itoa(len(r.block))})
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	var head bytes.Buffer
	head.WriteString(warcVersion + "\r\n")
	for _, f := range fields {
		if strings.ContainsAny(f.name+f.value, "\r\n") {
			return nil, fmt.Errorf("the value of %s has a line break", f.name)
		}
		head.WriteString(f.name + ": " + f.value + "\r\n")
	}
	head.WriteString("\r\n")
	// A bytes.Buffer takes everything; errors can only come from Close's own state.
	for _, part := range [][]byte{head.Bytes(), r.block, []byte("\r\n\r\n")} {
		if _, err := z.Write(part); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func infoRecord(file string, at time.Time) *record {
	return &record{
		kind: typeInfo, id: newID(), time: at,
		extra: []field{{"WARC-Filename", file}, {"Content-Type", "application/warc-fields"}},
		block: []byte("software: " + Software() + "\r\nformat: WARC File Format 1.1\r\n" +
			"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
			"robots: obey\r\n"),
	}
}

// hopRecords gives the response, the request and the environment of one hop, whose body must
// follow from its raw bytes: otherwise the record would not prove the page.
func hopRecords(ex *fetch.Exchange, infoID string) ([]*record, error) {
	resp, err := fetch.ParseResponse(ex.ResponseRaw)
	if err != nil {
		return nil, rights.Errorf(rights.Invalid, "通信记录不是完整的 HTTP 响应：%s", ex.FinalURL).Because(err)
	}
	body, _, err := fetch.Decode(resp.Header, resp.Entity, int64(len(ex.Body)))
	if err != nil || !bytes.Equal(body, ex.Body) {
		return nil, rights.Errorf(rights.Invalid, "网页正文与原始通信记录不一致：%s", ex.FinalURL).Because(err)
	}
	common := []field{{"WARC-Warcinfo-ID", "<" + infoID + ">"}}
	if host, _, err := net.SplitHostPort(ex.RemoteAddr); err == nil {
		common = append(common, field{"WARC-IP-Address", host})
	}
	response := &record{kind: typeResponse, id: newID(), url: ex.FinalURL, time: ex.FetchedAt, block: ex.ResponseRaw}
	response.extra = append(response.extra, common...)
	response.extra = append(response.extra, field{"Content-Type", "application/http;msgtype=response"},
		field{"WARC-Payload-Digest", "sha256:" + sha256Hex(resp.Entity)})
	if ex.Truncated {
		cut := ex.Cut
		if cut == "" {
			cut = "unspecified"
		}
		response.extra = append(response.extra, field{"WARC-Truncated", cut})
	}
	response.extra = append(response.extra, field{"Rightsdesk-Body-Length", strconv.Itoa(len(ex.Body))},
		field{"Rightsdesk-Body-Digest", "sha256:" + sha256Hex(ex.Body)})
	request := &record{kind: typeRequest, id: newID(), url: ex.FinalURL, time: ex.FetchedAt, block: ex.RequestRaw}
	common = append(common, field{"WARC-Concurrent-To", "<" + response.id + ">"})
	request.extra = append(request.extra, common...)
	request.extra = append(request.extra, field{"Content-Type", "application/http;msgtype=request"})
	return []*record{response, request, environmentRecord(ex, common)}, nil
}

// readRecord is a record as found on disk. Its block has been read to the end
// and agrees with the block digest.
type readRecord struct {
	fields map[string]string // names in lower case
	block  []byte
}

func (r *readRecord) id() string {
	return strings.TrimSuffix(strings.TrimPrefix(r.fields["warc-record-id"], "<"), ">")
}

// parseMember reads one gzip member that must be all of member, with a block of at
// most limit bytes.
func parseMember(member []byte, limit int64) (*readRecord, error) {
	src := bytes.NewReader(member)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	z.Multistream(false)
	body := bufio.NewReader(z)
	fields, err := readHead(body)
	if err != nil {
		return nil, err
	}
	r := &readRecord{fields: fields}
	length, err := strconv.ParseInt(fields["content-length"], 10, 64)
	if err != nil || length < 0 || length > limit {
		return r, errors.New("Content-Length is missing or wrong")
	}
	// The claimed length is not allocated before the bytes have come.
	if r.block, err = io.ReadAll(io.LimitReader(body, length)); err != nil {
		return r, fmt.Errorf("block: %w", err)
	}
	end, err := io.ReadAll(io.LimitReader(body, 5))
	switch {
	case err != nil:
		return r, fmt.Errorf("end of record: %w", err)
	case int64(len(r.block)) != length || string(end) != "\r\n\r\n":
		return r, errors.New("the record does not end where its length says")
	case src.Len() > 0:
		return r, fmt.Errorf("%d bytes after the record", src.Len())
	case fields["warc-block-digest"] != "sha256:"+sha256Hex(r.block):
		return r, errors.New("the block digest does not agree")
	}
	return r, nil
}

func readHead(body *bufio.Reader) (map[string]string, error) {
	fields := map[string]string{}
	left := maxWARCHead
	for first := true; ; first = false {
		line, err := readLine(body, &left)
		switch {
		case err != nil:
			return nil, fmt.Errorf("record head: %w", err)
		case first:
			if line != warcVersion {
				return nil, fmt.Errorf("not a %s record", warcVersion)
			}
			continue
		case line == "":
			return fields, nil
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(name)
		if _, twice := fields[name]; !ok || name == "" || twice {
			return nil, fmt.Errorf("record head: %q", line)
		}
		fields[name] = strings.TrimSpace(value)
	}
}

func readLine(r *bufio.Reader, left *int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if *left -= len(part); *left < 0 {
			return "", errors.New("too long")
		}
		line = append(line, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) {
			return "", io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", err
		}
		text, ok := strings.CutSuffix(string(line), "\r\n")
		if !ok {
			return "", errors.New("a line without CR LF")
		}
		return text, nil
	}
}
