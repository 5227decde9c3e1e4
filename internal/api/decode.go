package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// decode reads the body of a request.
func decode(c echo.Context, v any) error {
	b, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	return unmarshal(b, v)
}

// unmarshal reads one JSON value and nothing after it. A value of the wrong
// shape is Invalid and names the field; what is no JSON at all is a bad request.
func unmarshal(b []byte, v any) error {
	err := json.Unmarshal(b, v, json.RejectUnknownMembers(true), json.WithUnmarshalers(json.UnmarshalFromFunc(readText)))
	if err == nil {
		return nil
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return wrongField(syntax.JSONPointer, "字段重复")
		}
		return malformed(rights.Errorf(rights.Invalid, "不是有效的 JSON，错误在第 %d 字节", syntax.ByteOffset).Because(err))
	}
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		switch {
		case errors.Is(err, json.ErrUnknownName):
			return wrongField(wrong.JSONPointer, "没有这个字段")
		case errors.Is(err, errZero):
			return wrongField(wrong.JSONPointer, "不得含有空字符")
		}
		return wrongField(wrong.JSONPointer, wanted(wrong.GoType))
	}
	return fmt.Errorf("decode: %w", err)
}

var errZero = errors.New("a zero character")

// readText reads a string and refuses the zero character, which no database
// takes.
func readText(d *jsontext.Decoder, s *string) error {
	if d.PeekKind() != '"' {
		return json.SkipFunc
	}
	text, err := d.ReadToken()
	if err != nil {
		return err
	}
	*s = text.String()
	if strings.ContainsRune(*s, 0) {
		return errZero
	}
	return nil
}

// malformed is the answer to a body that cannot be read at all.
func malformed(err *rights.Error) error {
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}

func wrongField(at jsontext.Pointer, detail string) error {
	return &rights.Error{Kind: rights.Invalid, Detail: "请求内容有误", Fields: []rights.Field{{Name: fieldName(at), Detail: detail}}}
}

// fieldName writes a place in a document as people do: segments[0].owner.
func fieldName(at jsontext.Pointer) string {
	var b strings.Builder
	for token := range at.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}

// wanted says what a field should have been.
func wanted(t reflect.Type) string {
	if t == nil {
		return "类型不符"
	}
	if t == reflect.TypeFor[time.Time]() {
		return "应为 RFC 3339 形式的时间"
	}
	switch t.Kind() { //nolint:exhaustive // the rest is in no type that is decoded
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "应为字符串"
	case reflect.Bool:
		return "应为 true 或 false"
	case reflect.Int, reflect.Int64:
		return "应为整数"
	case reflect.Float64:
		return "应为数字"
	case reflect.Slice:
		return "应为数组"
	case reflect.Struct, reflect.Map:
		return "应为对象"
	default:
		return "类型不符"
	}
}

// respond writes a JSON answer. Empty lists are [], never null.
func respond(c echo.Context, status int, v any) error {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, b)
}
