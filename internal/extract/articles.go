package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// Options tells [Articles] what files may not say themselves.
type Options struct {
	Paper     string
	IssueDate string // 2006-01-02
	BaseURL   string // where the file was published
	File      string // named in errors
}

// ErrLayout is in the chain of the error for a layout page: it lists articles
// and holds none. The caller may have the article pages too.
var ErrLayout = errors.New("a layout page holds no articles")

// Articles reads the articles of a file and hands each complete one to yield. It
// tells the format from the content: JSON lines of [rights.Article] or of ninjs,
// a ninjs object or array, an e-paper's article page, or plain text. Each
// returned error names the file and, where there is one, line (in an array, the
// item) and field; the other records go in. An error of yield is reported in the same way.
func Articles(r io.Reader, opt Options, yield func(*rights.Article) error) []error {
	in := reader{opt: opt, yield: yield}
	buffered := bufio.NewReaderSize(r, 64<<10)
	start, err := firstByte(buffered)
	if err != nil {
		in.fail(0, rights.Errorf(rights.Invalid, "文件是空的"))
		return in.errs
	}
	if start == '{' {
		in.objects(buffered)
		return in.errs
	}
	raw, err := io.ReadAll(io.LimitReader(buffered, maxFile+1))
	switch {
	case err != nil:
		in.fail(0, fmt.Errorf("read: %w", err))
	case len(raw) > maxFile:
		in.fail(0, rights.Errorf(rights.TooLarge, "文件超过 %d MiB", maxFile>>20))
	case start == '[' && json.Valid(raw):
		in.array(raw)
	default:
		in.text(raw)
	}
	return in.errs
}

type reader struct {
	opt   Options
	yield func(*rights.Article) error
	errs  []error
}

// firstByte returns the first byte that is neither white space nor a byte order
// mark, without taking it.
func firstByte(r *bufio.Reader) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, fmt.Errorf("first byte: %w", err)
		}
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(b)) && b != 0xEF && b != 0xBB && b != 0xBF {
			return b, r.UnreadByte()
		}
		if b == 0xEF || b == 0xBB || b == 0xBF {
			if next, _ := r.Peek(2); b == 0xEF && !bytes.Equal(next, []byte{0xBB, 0xBF}) {
				return b, r.UnreadByte()
			}
		}
	}
}

// fail records an error under the file and the line.
func (in *reader) fail(line int, err error) {
	place := in.opt.File
	if line > 0 {
		place = fmt.Sprintf("%s:%d", place, line)
	}
	if known, ok := errors.AsType[*rights.Error](err); ok {
		in.errs = append(in.errs, &rights.Error{
			Kind: known.Kind, Detail: place + "：" + known.Detail, Format: "%s：%v", Args: []any{place, known}, Fields: known.Fields, Err: known.Err,
		})
		return
	}
	in.errs = append(in.errs, fmt.Errorf("%s: %w", place, err))
}

func (in *reader) give(line int, a *rights.Article, err error) {
	if err == nil {
		err = a.Validate()
	}
	if err == nil {
		err = in.yield(a)
	}
	if err != nil {
		in.fail(line, err)
	}
}

// objects reads JSON lines, or one object spread over the whole file.
func (in *reader) objects(r *bufio.Reader) {
	for number := 1; ; number++ {
		line, err := readLine(r)
		if errors.Is(err, errLong) {
			in.fail(number, rights.Errorf(rights.TooLarge, "一行超过 %d MiB", maxLine>>20))
			continue
		}
		if number == 1 && err == nil && !json.Valid(line) && bytes.Count(line, []byte("{")) > bytes.Count(line, []byte("}")) {
			rest, _ := io.ReadAll(io.LimitReader(r, maxFile))
			if whole := append(line, rest...); json.Valid(whole) {
				a, err := in.object(whole)
				in.give(number, a, err)
				return
			}
			r = bufio.NewReader(bytes.NewReader(rest))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			a, fault := in.object(line)
			in.give(number, a, fault)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				in.fail(number, fmt.Errorf("read: %w", err))
			}
			return
		}
	}
}

var errLong = errors.New("line too long")

// readLine returns a line with its end; a line past the limit is skipped whole.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			long, line = true, nil
		} else if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && err == nil:
			return nil, errLong
		case err != nil:
			return line, fmt.Errorf("line: %w", err)
		default:
			return line, nil
		}
	}
}

func (in *reader) object(raw []byte) (*rights.Article, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(raw, &keys); err != nil {
		return nil, jsonFault(err)
	}
	if isNinjs(keys) {
		return ninjsArticle(raw, in.opt)
	}
	a := new(rights.Article)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(a); err != nil {
		return nil, jsonFault(err)
	}
	complete(a, in.opt)
	return a, nil
}

// jsonFault names the field that the decoder tripped over.
func jsonFault(err error) error {
	field, detail := "json", "不是有效的 JSON"
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field, detail = firstOf(wrong.Field, "json"), "类型不符"
	} else if _, ok := errors.AsType[*time.ParseError](err); ok {
		detail = "时间应为 RFC 3339 形式"
	} else if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		field, detail = m[1], "没有这个字段"
	}
	return &rights.Error{Kind: rights.Invalid, Detail: "记录有误", Fields: []rights.Field{{Name: field, Detail: detail}}, Err: err}
}

func (in *reader) array(raw []byte) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		in.fail(0, jsonFault(err))
		return
	}
	for i, item := range items {
		a, err := in.object(item)
		in.give(i+1, a, err)
	}
}

// text reads a page or plain text.
func (in *reader) text(raw []byte) {
	text, _ := Decode(raw, "")
	if !looksLikeMarkup(text) {
		in.give(0, plain(text, in.opt), nil)
		return
	}
	doc := parse(text[:min(len(text), maxPage)])
	if a, ok := founderPage(doc, in.opt); ok && founderKind(text) != founderLayout {
		in.give(0, a, nil)
		return
	}
	if l, err := layoutOf(doc, in.opt.BaseURL); err == nil {
		in.fail(0, rights.Errorf(rights.Invalid, "版面页只列出 %d 篇稿件的标题，正文在稿件页，请导入稿件页", len(l.Articles)).Because(ErrLayout))
		return
	}
	in.fail(0, rights.Errorf(rights.Invalid, "网页中没有数字报稿件的标记（#ozoom、founder-content 或 enpcontent）"))
}

func looksLikeMarkup(text string) bool {
	head := strings.ToLower(text[:min(len(text), 4<<10)])
	return markup.MatchString(head)
}

var unknownField = regexp.MustCompile(`unknown field "(.{1,80})"`)

var markup = regexp.MustCompile(`<(!doctype|html|head|meta|body|div|table|p|founder-[a-z]+|!--)[\s>-]?`)
