// Package locale says the texts of the screens in the reader's language.
//
// The Chinese text is the key: templates and errors are written in Chinese, and
// the *.en.yaml files beside this one hold the English of each, one file a
// package that speaks.
package locale

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"golang.org/x/text/language"

	"rightsdesk/internal/rights"
)

// Locale is a language with its texts.
type Locale struct {
	Lang string // "zh-CN" or "en"; the tag of the html element
}

const (
	chinese    = "zh-CN"
	english    = "en"
	cookie     = "lang"
	remembered = 365 * 24 * time.Hour
)

// Of is the language a request asks for: ?lang= where it is there, then the
// cookie "lang", then Accept-Language; Chinese where nothing is asked for.
func Of(r *http.Request) Locale {
	if lang := asked(r); lang != "" {
		return Locale{lang}
	}
	if c, err := r.Cookie(cookie); err == nil {
		if lang := known(c.Value); lang != "" {
			return Locale{lang}
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return Locale{chinese}
	}
	matcher := language.NewMatcher([]language.Tag{language.MustParse(chinese), language.English})
	if _, i, confidence := matcher.Match(tags...); i == 1 && confidence > language.No {
		return Locale{english}
	}
	return Locale{chinese}
}

// Remember sets the cookie "lang" for a year where the request names a language
// in ?lang=.
func Remember(w http.ResponseWriter, r *http.Request) {
	lang := asked(r)
	if lang == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: lang, Path: "/", MaxAge: int(remembered.Seconds()),
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// secure reports whether the browser came by TLS, to us or to a proxy that is
// trusted: the server drops what others say of it.
func secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

func asked(r *http.Request) string { return known(r.URL.Query().Get("lang")) }

// known is the language of a short or full tag, or empty.
func known(tag string) string {
	switch strings.ToLower(tag) {
	case "zh", "zh-cn":
		return chinese
	case "en":
		return english
	}
	return ""
}

// T says a Chinese text, with fmt verbs where there are arguments. A text
// without a translation stays Chinese.
func (l Locale) T(zh string, args ...any) string {
	text := l.look(zh)
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (l Locale) look(zh string) string {
	if l.Lang == english {
		if en, ok := texts()[zh]; ok {
			return en
		}
	}
	return zh
}

// Error says an error's detail: what its format says in the language, its
// arguments said too where they are texts of ours or errors; where there is no
// format, its Detail. What the reader is not to see is a 系统内部错误.
func (l Locale) Error(err error) string {
	var e *rights.Error
	switch {
	case !errors.As(err, &e) || e.Kind == rights.Internal:
		return l.T("系统内部错误")
	case e.Format == "":
		return l.T(e.Detail)
	}
	args := make([]any, len(e.Args))
	for i, arg := range e.Args {
		args[i] = l.say(arg)
	}
	return fmt.Sprintf(strings.ReplaceAll(l.look(e.Format), "%w", "%v"), args...)
}

// Fields says what is wrong with each field of an error. The names stay as
// they are.
func (l Locale) Fields(err error) []rights.Field {
	var e *rights.Error
	if !errors.As(err, &e) || e.Kind == rights.Internal {
		return nil
	}
	fields := make([]rights.Field, len(e.Fields))
	for i, f := range e.Fields {
		fields[i] = rights.Field{Name: f.Name, Detail: l.T(f.Detail)}
	}
	return fields
}

// say is an argument of a text in the language. Named strings, such as states,
// count as strings.
func (l Locale) say(arg any) any {
	if err, ok := arg.(error); ok {
		if _, ok := errors.AsType[*rights.Error](err); ok {
			return l.Error(err)
		}
		return arg
	}
	if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
		return l.look(v.String())
	}
	return arg
}

// English reports whether there is an English text for a Chinese one, for tests.
func English(zh string) bool {
	_, ok := texts()[zh]
	return ok
}
