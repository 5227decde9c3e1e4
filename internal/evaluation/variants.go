package evaluation

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"rightsdesk/fingerprints"
)

// copied is a page that copies an article, and where: half-open ranges of code
// points of the page.
type copied struct {
	text  []rune
	spans [][2]int

	owner    string                 // the article that the spans are of, where it is another than was asked for
	register []fingerprints.Article // that must be registered besides
}

// put appends text that is not copied.
func (c *copied) put(s ...rune) { c.text = append(c.text, s...) }

// copy appends text that is.
func (c *copied) copy(s ...rune) {
	if len(s) == 0 {
		return
	}
	at := len(c.text)
	c.text = append(c.text, s...)
	if n := len(c.spans) - 1; n >= 0 && c.spans[n][1] == at {
		c.spans[n][1] = len(c.text)
		return
	}
	c.spans = append(c.spans, [2]int{at, len(c.text)})
}

// variant is one way of copying.
type variant struct {
	name string
	make func(m *maker, a fingerprints.Article) copied
}

// maker makes variants.
type maker struct {
	*rand.Rand
	data     *Data
	articles []fingerprints.Article // that are copied
	hosts    []fingerprints.Article
	unused   []fingerprints.Article // hosts
	letters  []rune                 // of running text, for replacements
	made     int                    // articles that were made
}

func newMaker(d *Data, p Parts, seed uint64) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 2)), data: d, articles: p.Own(), hosts: p.Pages}
	for _, a := range p.Background[:min(300, len(p.Background))] {
		m.letters = append(m.letters, fingerprints.Fold(a.Text).Folded...)
	}
	return m
}

func variants() []variant {
	text := func(a fingerprints.Article) []rune { return []rune(a.Text) }
	return []variant{
		{"verbatim, new title and credit", func(m *maker, a fingerprints.Article) copied { return m.page(text(a)) }},
		{"600 characters of a site around", func(m *maker, a fingerprints.Article) copied { return m.around(text(a), 600) }},
		{"2,000 characters of a site around", func(m *maker, a fingerprints.Article) copied { return m.around(text(a), 2000) }},
		{"10 % of sentences dropped", func(m *maker, a fingerprints.Article) copied { return m.page(m.drop(a, 0.1)...) }},
		{"20 % of sentences dropped", func(m *maker, a fingerprints.Article) copied { return m.page(m.drop(a, 0.2)...) }},
		{"40 % of sentences dropped", func(m *maker, a fingerprints.Article) copied { return m.page(m.drop(a, 0.4)...) }},
		{"sentences shuffled", func(m *maker, a fingerprints.Article) copied {
			s := sentences(a.Text)
			m.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
			return m.page(s...)
		}},
		{"5 % of characters replaced", func(m *maker, a fingerprints.Article) copied { return m.page(m.replace(text(a), 0.05)) }},
		{"10 % of characters replaced", func(m *maker, a fingerprints.Article) copied { return m.page(m.replace(text(a), 0.1)) }},
		{"20 % of characters replaced", func(m *maker, a fingerprints.Article) copied { return m.page(m.replace(text(a), 0.2)) }},
		{"10 % of words replaced", func(m *maker, a fingerprints.Article) copied { return m.page(m.synonyms(a.Text)) }},
		{"200 characters in another article", func(m *maker, a fingerprints.Article) copied { return m.within(m.span(text(a), 200)) }},
		{"100 characters in another article", func(m *maker, a fingerprints.Article) copied { return m.within(m.span(text(a), 100)) }},
		{"three articles merged", (*maker).merged},
		{"one of three pages", func(m *maker, a fingerprints.Article) copied {
			t, k := text(a), m.IntN(3)
			return m.page(t[k*len(t)/3 : (k+1)*len(t)/3])
		}},
		{"traditional characters", func(m *maker, a fingerprints.Article) copied { return m.page([]rune(fingerprints.Traditional(a.Text))) }},
		{"traditional characters, words of Taiwan", func(m *maker, a fingerprints.Article) copied {
			return m.page([]rune(fingerprints.Traditional(taiwan(a.Text))))
		}},
		{"full-width forms", func(m *maker, a fingerprints.Article) copied { return m.page(widen(text(a))) }},
		{"zero-width and variation characters", func(m *maker, a fingerprints.Article) copied { return m.page(m.sprinkle(text(a))) }},
		{"40 % dropped and 10 % replaced", func(m *maker, a fingerprints.Article) copied {
			parts := m.drop(a, 0.4)
			for i := range parts {
				parts[i] = m.replace(parts[i], 0.1)
			}
			return m.page(parts...)
		}},
		{"140 characters in another article, 4 % replaced", func(m *maker, a fingerprints.Article) copied {
			return m.within(m.replace(m.span(text(a), 140), 0.04))
		}},
	}
}

// page is a page of its own: another title, a credit line, the parts.
func (m *maker) page(parts ...[]rune) (c copied) {
	c.put([]rune(m.host().Title + "\n来源：临江在线　责任编辑：" + string(m.some(3)) + "\n")...)
	for _, p := range parts {
		c.copy(p...)
	}
	return c
}

func (m *maker) around(text []rune, n int) (c copied) {
	before := m.IntN(n)
	for len(c.text) < before {
		c.put([]rune(m.line())...)
	}
	c.copy(text...)
	for left := n - before; left > 0; {
		line := []rune("\n" + m.line())
		c.put(line...)
		left -= len(line)
	}
	return c
}

func (m *maker) line() string { return m.data.Lines[m.IntN(len(m.data.Lines))] + "\n" }

func (m *maker) host() fingerprints.Article { return m.hosts[m.IntN(len(m.hosts))] }

// fresh is a host that was not asked for before, until all were.
func (m *maker) fresh() fingerprints.Article {
	if len(m.unused) == 0 {
		m.unused = slices.Clone(m.hosts)
		m.Shuffle(len(m.unused), func(i, j int) { m.unused[i], m.unused[j] = m.unused[j], m.unused[i] })
	}
	h := m.unused[0]
	m.unused = m.unused[1:]
	return h
}

// within puts text into another article.
func (m *maker) within(text []rune) copied { return m.into(m.host(), text) }

// into puts text into a host, between two sentences.
func (m *maker) into(host fingerprints.Article, text []rune) (c copied) {
	s := sentences(host.Text)
	at := m.IntN(len(s) + 1)
	for _, p := range s[:at] {
		c.put(p...)
	}
	c.copy(text...)
	for _, p := range s[at:] {
		c.put(p...)
	}
	return c
}

func (m *maker) merged(a fingerprints.Article) (c copied) {
	at := m.IntN(3)
	for i := range 3 {
		if i == at {
			c.copy([]rune(a.Text)...)
			c.put('\n')
			continue
		}
		c.put([]rune(m.host().Text + "\n")...)
	}
	return c
}

func (m *maker) span(t []rune, n int) []rune {
	n = min(n, len(t))
	at := m.IntN(len(t) - n + 1)
	return t[at : at+n]
}

func (m *maker) some(n int) []rune {
	list := make([]rune, n)
	for i := range list {
		list[i] = m.letters[m.IntN(len(m.letters))]
	}
	return list
}

// drop leaves out a share of the sentences, and never all.
func (m *maker) drop(a fingerprints.Article, share float64) [][]rune {
	s := sentences(a.Text)
	n := int(share*float64(len(s)) + 0.5)
	for range min(n, len(s)-1) {
		k := m.IntN(len(s))
		s = slices.Delete(s, k, k+1)
	}
	return s
}

func (m *maker) replace(t []rune, share float64) []rune {
	t = slices.Clone(t)
	for i := range t {
		if t[i] > ' ' && m.Float64() < share {
			t[i] = m.letters[m.IntN(len(m.letters))]
		}
	}
	return t
}

// sprinkle puts characters that are not seen between one in four.
func (m *maker) sprinkle(t []rune) []rune {
	unseen := []rune{'\u200b', '\u200d', '\ufeff', '\ufe0f', '\U000e0101', '\u00ad'}
	var list []rune
	for _, r := range t {
		list = append(list, r)
		if m.IntN(4) == 0 {
			list = append(list, unseen[m.IntN(len(unseen))])
		}
	}
	return list
}

// widen writes what has a full-width form in it.
func widen(t []rune) []rune {
	t = slices.Clone(t)
	for i, r := range t {
		if r > ' ' && r <= '~' {
			t[i] = r - '!' + '！'
		}
	}
	return t
}

// sentences cuts a text behind the ends of its sentences.
func sentences(s string) [][]rune {
	var list [][]rune
	for s != "" {
		n := strings.IndexAny(s, "。！？；\n")
		if n < 0 {
			n = len(s)
		}
		for n < len(s) {
			r, size := utf8.DecodeRuneInString(s[n:])
			if !strings.ContainsRune("。！？；”」\n", r) {
				break
			}
			n += size
		}
		list, s = append(list, []rune(s[:n])), s[n:]
	}
	return list
}

// synonyms replaces one word in ten: every word that the table knows until it is
// enough, and characters two by two for the rest.
func (m *maker) synonyms(s string) []rune {
	pairs := strings.Fields(`目前 眼下 开展 进行 推进 推动 表示 指出 举行 举办 已经 业已 通过 经由 加强 强化 提高 提升 发展 进展 工作 事务
		问题 难题 重要 关键 情况 状况 全国 各地 今年 本年 今天 今日 昨天 昨日 明天 次日 记者 本报记者 报道 消息 实现 达成 全面 全方位 建设 建造
		积极 主动 继续 持续 要求 需要 认为 觉得 促进 助推 进一步 更加 根据 依据 介绍 说明 显示 表明 成为 变成 目标 指标 增加 增长 减少 降低
		超过 逾 共同 一道 支持 扶持 保障 确保 参加 出席 组织 安排 同时 与此同时 此外 另外 因此 所以 但是 不过 由于 因为 如果 倘若 以及 和 能够 可以`)
	table := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		table[pairs[i]] = pairs[i+1]
	}
	t := []rune(s)
	left := len(t) / 20 // a word has two characters, about
	var list []rune
	for i := 0; i < len(t); {
		if i+1 < len(t) {
			if to, ok := table[string(t[i:i+2])]; ok && left > 0 {
				list, i, left = append(list, []rune(to)...), i+2, left-1
				continue
			}
		}
		list, i = append(list, t[i]), i+1
	}
	for ; left > 0; left-- {
		at := m.IntN(len(list) - 1)
		copy(list[at:at+2], m.some(2))
	}
	return list
}
