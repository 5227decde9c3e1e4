package extract

import (
	"regexp"
	"slices"
	"strings"

	"rightsdesk/internal/rights"
)

var pageLine = regexp.MustCompile(`第\s*([A-Za-z]?\d{1,3})\s*版\s*[:：]?\s*([^\s】\]|)）]{0,20})`)

func furniture(line string) bool {
	return furnitureStart.MatchString(line) || strings.Contains(line, "找回密码") || strings.Contains(line, "首页 -")
}

func ending(line string) bool {
	return endingStart.MatchString(line)
}

// plain reads one article from the text of a saved e-paper page: what stands
// above the headline and below the body is navigation and the site's statement.
func plain(text string, opt Options) *rights.Article {
	a := &rights.Article{URL: opt.BaseURL}
	var all []string
	for line := range strings.Lines(text) {
		if line = tidy(line); line != "" {
			all = append(all, line)
		}
	}
	start := 0
	for start < len(all) && furniture(all[start]) {
		start++
	}
	end := start
	for end < len(all) && !ending(all[end]) {
		end++
	}
	a.PageNo, a.PageName, a.IssueDate = pageOf(all[end:], all[:start]), pageNameOf(all[end:], all[:start]), opt.IssueDate
	if a.IssueDate == "" {
		a.IssueDate = dayOf(append(slices.Clone(all[:start]), all[end:]...))
	}
	rest := headlines(a, all[start:end], all[end:])
	a.Paragraphs = rest
	dropCredit(a)
	takeReservation(a)
	for _, line := range slices.Concat(all[:start], all[end:]) {
		if runes(line) < 400 && reserves(line) {
			a.Reservations = append(a.Reservations, siteReservation(line))
		}
	}
	complete(a, opt)
	return a
}

// headlines takes kicker, headline, subtitle and credit line off the top. The
// navigation below repeats the headline behind a dot.
func headlines(a *rights.Article, lines, below []string) []string {
	top := 0
	for top < len(lines) && top < 6 && (runes(lines[top]) <= 50 && !strings.ContainsAny(lines[top], "。；") || top == 0) {
		if credit, names, ok := creditLine(lines[top]); ok {
			a.CreditLine, a.Bylines = credit, names
			break
		}
		top++
	}
	if a.CreditLine == "" {
		top = min(1, len(lines))
		if len(lines) > 1 && subtitled(lines[1]) {
			top = 2
		}
	}
	heads := lines[:top]
	main := 0
	for i, h := range heads {
		if slices.Contains(below, "·"+h) {
			main = i
			break
		}
	}
	for i, h := range heads {
		switch {
		case i == main:
			a.Headline = h
		case i < main:
			a.Kicker = strings.TrimSpace(a.Kicker + " " + h)
		default:
			a.Subtitle = strings.TrimSpace(a.Subtitle + " " + strings.TrimLeft(h, "—-― "))
		}
	}
	if a.CreditLine != "" {
		top++
	}
	return slices.Clone(lines[min(top, len(lines)):])
}

func subtitled(line string) bool {
	return strings.HasPrefix(line, "——") || strings.HasPrefix(line, "--")
}

// dropCredit takes a credit line from the first two or the last paragraph.
func dropCredit(a *rights.Article) {
	for _, i := range []int{0, 1, len(a.Paragraphs) - 1} {
		if a.CreditLine != "" || i < 0 || i >= len(a.Paragraphs) || len(a.Paragraphs) < 2 {
			continue
		}
		if credit, names, ok := creditLine(a.Paragraphs[i]); ok {
			a.CreditLine = credit
			if len(a.Bylines) == 0 {
				a.Bylines = names
			}
			a.Paragraphs = slices.Delete(a.Paragraphs, i, i+1)
		}
	}
}

func pageOf(parts ...[]string) string {
	no, _ := printedPage(parts...)
	return no
}

func pageNameOf(parts ...[]string) string {
	_, name := printedPage(parts...)
	return name
}

func printedPage(parts ...[]string) (no, name string) {
	for _, part := range parts {
		for _, line := range part {
			if m := pageLine.FindStringSubmatch(line); m != nil && runes(line) < 60 {
				return m[1], strings.Trim(m[2], "：: ")
			}
		}
	}
	return "", ""
}

func dayOf(lines []string) string {
	for _, line := range lines {
		if date, at := firstDate(line); at >= 0 && runes(line) < 80 {
			return date[:10]
		}
	}
	return ""
}

var furnitureStart = regexp.MustCompile(`^(今日|首页|文章搜索|用户名|密码|\[?注册|更多>>|本文所在版面|Document$|·|上一[版篇期]|下一[版篇期]|返回|放大|缩小|默认|打印|PDF|版面导航|标题导航|稿件搜索|登录|搜索)`)

var endingStart = regexp.MustCompile(`^(更多>>|本文所在版面|【第|第\s*[A-Za-z]?\d+\s*版|免责声明|版权声明|法律声明|Document$|上一[版篇]|下一[版篇])`)
