package locale_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

func TestTexts(t *testing.T) {
	all, err := locale.ReadOwn()
	if err != nil {
		t.Error(err)
	}
	verb := regexp.MustCompile(`%(\[\d+\])?[-+#0]*\d*(\.\d+)?[a-zA-Z]|%%`)
	for zh, en := range all {
		// Arguments keep their order: a translation that wants another one says %[2]s.
		var want, got []string
		for i, v := range verb.FindAllString(zh, -1) {
			want = append(want, fmt.Sprintf("%d%s", i+1, v))
		}
		next := 0
		for _, v := range verb.FindAllString(en, -1) {
			next++
			if strings.HasPrefix(v, "%[") {
				at, rest, _ := strings.Cut(v[2:], "]")
				got = append(got, at+"%"+rest)
				continue
			}
			got = append(got, fmt.Sprintf("%d%s", next, v))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("%q wants the verbs %v, its English %q has %v", zh, want, en, got)
		}
		if strings.TrimSpace(en) == "" {
			t.Errorf("%q has an empty English text", zh)
		}
		if strings.ContainsFunc(en, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && !strings.Contains(en, "中文") {
			t.Errorf("%q: the English text holds Chinese: %q", zh, en)
		}
	}
}

func TestReadNamesFaults(t *testing.T) {
	fsys := fstest.MapFS{
		"a.en.yaml": {Data: []byte("案件: case\n同一: same\n")},
		"b.en.yaml": {Data: []byte("案件: file\n同一: same\n")},
		"c.en.yaml": {Data: []byte("- no map\n")},
	}
	all, err := locale.Read(fsys)
	if err == nil || !strings.Contains(err.Error(), `b.en.yaml: "案件" is "file" here and "case" in a.en.yaml`) {
		t.Errorf("two English texts: %v", err)
	}
	if err == nil || !strings.Contains(err.Error(), "c.en.yaml:") {
		t.Errorf("a file that is no map: %v", err)
	}
	if all["同一"] != "same" || all["案件"] != "case" {
		t.Errorf("the rest was not read: %v", all)
	}
}

func TestOf(t *testing.T) {
	for _, tt := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "zh-CN"},
		{"", "", "zh-TW,zh;q=0.9", "zh-CN"},
		{"", "", "en-GB,en;q=0.8,zh;q=0.5", "en"},
		{"", "", "zh-CN,en;q=0.8", "zh-CN"},
		{"", "", "de,en;q=0.5", "en"},
		{"", "", "ja", "zh-CN"},
		{"", "", ";;;", "zh-CN"},
		{"", "en", "zh-CN", "en"},
		{"", "xx", "en", "en"},
		{"zh", "en", "en", "zh-CN"},
		{"en", "zh-CN", "zh", "en"},
		{"xx", "en", "zh", "en"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang="+tt.query, nil)
		r.Header.Set("Accept-Language", tt.accept)
		if tt.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "lang", Value: tt.cookie})
		}
		if got := locale.Of(r).Lang; got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestRemember(t *testing.T) {
	w := httptest.NewRecorder()
	locale.Remember(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang=en", nil))
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "lang=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax") {
		t.Error(got)
	}
	w = httptest.NewRecorder()
	locale.Remember(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang=%0d%0aX:y", nil))
	if got := w.Header().Get("Set-Cookie"); got != "" {
		t.Errorf("an unknown language set %q", got)
	}
}

type named string

func TestError(t *testing.T) {
	zh, en := locale.Locale{Lang: "zh-CN"}, locale.Locale{Lang: "en"}
	inner := rights.Errorf(rights.Conflict, "案件当前为“%s”，不能进行这一步", rights.CaseOpen.Label())
	const innerZH, innerEN = "案件当前为“待处理”，不能进行这一步", "The case is now “Open”; this step is not possible."
	for _, tt := range []struct {
		name, zh, en string
		err          error
	}{
		{"a format and its arguments", innerZH, innerEN, inner},
		{"wrapped", innerZH, innerEN, fmt.Errorf("read: %w", inner)},
		{"an error as argument", "这一步只能由" + innerZH + "办理", "This step is only for " + innerEN + ".", rights.Errorf(rights.Forbidden, "这一步只能由%s办理", error(inner))},
		{"a named string as argument", "这一步只能由法务办理", "This step is only for Counsel.", rights.Errorf(rights.Forbidden, "这一步只能由%s办理", named("法务"))},
		{"a detail", "系统内部错误", "An internal error occurred.", &rights.Error{Kind: rights.Invalid, Detail: "系统内部错误"}},
		{"an unknown detail", "別的", "別的", &rights.Error{Kind: rights.Invalid, Detail: "別的"}},
		{"an unknown format", "第 3 行，50%", "第 3 行，50%", rights.Errorf(rights.Invalid, "第 %d 行，50%%", 3)},
		{"wrapping with its text", "读不到：eof", "读不到：eof", rights.Errorf(rights.Invalid, "读不到：%w", errors.New("eof"))},
		{"internal", "系统内部错误", "An internal error occurred.", &rights.Error{Detail: "secret"}},
		{"foreign", "系统内部错误", "An internal error occurred.", errors.New("secret")},
	} {
		if got := zh.Error(tt.err); got != tt.zh {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.zh)
		}
		if got := en.Error(tt.err); got != tt.en {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.en)
		}
	}
}

func TestFields(t *testing.T) {
	err := &rights.Error{Kind: rights.Invalid, Fields: []rights.Field{{Name: "reason", Detail: "系统内部错误"}}}
	got := locale.Locale{Lang: "en"}.Fields(fmt.Errorf("x: %w", err))
	if len(got) != 1 || got[0] != (rights.Field{Name: "reason", Detail: "An internal error occurred."}) {
		t.Error(got)
	}
}
