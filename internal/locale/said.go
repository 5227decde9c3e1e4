package locale

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Said says in the language what a machine or a person wrote into the record in
// Chinese: a text that is known, or one that a known format made, whose arguments are
// said too. names are further texts that are known, in English by their Chinese. What
// nobody knows, such as what a person wrote, stays as it was written.
func (l Locale) Said(text string, names map[string]string) string {
	if l.Lang != english {
		return text
	}
	return said(text, names, mostDepth)
}

// mostDepth bounds how deep texts lie in one another.
const mostDepth = 5

func said(text string, names map[string]string, depth int) string {
	if en, ok := names[text]; ok {
		return en
	}
	if en, ok := texts()[text]; ok {
		return en
	}
	if depth == 0 || !strings.ContainsFunc(text, isHan) {
		return text
	}
	for _, f := range formats() {
		found := f.zh.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		args := make([]any, len(found)-1)
		for i, arg := range found[1:] {
			args[i] = said(arg, names, depth-1)
		}
		return strings.TrimSpace(fmt.Sprintf(f.en, args...))
	}
	return text
}

// format is a text with arguments: what it made in Chinese, and how it says strings in
// English.
type format struct {
	zh *regexp.Regexp
	en string
}

// leastHan is how many Chinese characters a format has beside its arguments, to be
// looked for in texts, where it is none of the record: those of fewer could have been
// written by anybody.
const leastHan = 4

// notes is the file of what the record says, everything all files.
const (
	notes      = "notes.en.yaml"
	everything = "*.en.yaml"
)

// formats are those of all texts, the most definite first.
//
//nolint:gochecknoglobals // a table that is made once and only read
var formats = sync.OnceValue(func() []format {
	verb := regexp.MustCompile(`%(\[\d+\])?[-+#0]*\d*(?:\.\d+)?[a-zA-Z]`)
	type draft struct {
		format

		zh  string
		han int
	}
	var drafts []draft
	ofRecord, _ := read(files, notes)
	for zh, en := range texts() {
		parts := verb.Split(zh, -1)
		if len(parts) == 1 || strings.Contains(zh, "%[") {
			continue
		}
		d := draft{zh: zh}
		for i, part := range parts {
			d.han += strings.Count(strings.Map(onlyHan, part), "字")
			parts[i] = regexp.QuoteMeta(strings.ReplaceAll(part, "%%", "%"))
		}
		if _, ok := ofRecord[zh]; !ok && d.han < leastHan {
			continue
		}
		d.format = format{regexp.MustCompile(`(?s)^` + strings.Join(parts, `(.*?)`) + `$`), verb.ReplaceAllString(en, "%${1}s")}
		drafts = append(drafts, d)
	}
	slices.SortFunc(drafts, func(a, b draft) int { return cmp.Or(cmp.Compare(b.han, a.han), cmp.Compare(a.zh, b.zh)) })
	list := make([]format, len(drafts))
	for i, d := range drafts {
		list[i] = d.format
	}
	return list
})

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// onlyHan keeps one 字 of each Chinese character.
func onlyHan(r rune) rune {
	if isHan(r) {
		return '字'
	}
	return -1
}
