package extract_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/testenv"
)

func screened(page string) string {
	_, text, _ := extract.Screen([]byte(page), "text/html; charset=utf-8", "https://site.example/news/1.html")
	return strings.ReplaceAll(text, "\n", "|")
}

// TestScreenText reads as the rules of what is visible.
func TestScreenText(t *testing.T) {
	for _, tt := range [][2]string{
		{"<p>甲<p>乙<div>丙<br>丁</div>戊", "甲|乙|丙|丁|戊"},
		{"甲<b>乙</b><span>丙</span> \n　丁&nbsp;戊", "甲乙丙 丁 戊"},
		{"甲\u200b乙&shy;丙\x00丁", "甲乙丙丁"},
		{"<p title='<b>'>甲</p><p title=\">\">乙<p a=/>丙", "甲|乙|丙"},
		{"<P CLASS=x>甲</P\n><bR/>乙", "甲|乙"},
		{"a < b <3 <> &lt;p> 甲", "a < b <3 <> <p> 甲"},
		{"&#x7532;&#20057;&#xD800;&#150;&ldquo;&hellip;&copy;&amp;lt;&nosuch;&ampx", "甲乙\ufffd–“…©&lt;&nosuch;&x"},
		{strings.Repeat("甲", 60) + "\xff\xfe\x80乙", strings.Repeat("甲", 60) + "\ufffd乙"},

		{"甲<!-- <p>乙 -->丙<!-->丁<!--->戊<!-- a --!>己<!-- -- > - -->庚", "甲丙丁戊己庚"},
		{"甲<!doctype x>乙<?php a > 丙</ b>丁</>戊<![if !IE]>己", "甲乙 丙丁戊己"},
		{"甲<!-- 乙", "甲"},
		{"甲<p title='乙", "甲"},
		{"甲<", "甲<"},
		{"甲<p", "甲"},

		{"<script>'</p>甲'</scripts>甲</SCRIPT >乙", "乙"},
		{"<script><!-- <script>甲</script>甲 --></script>乙", "乙"},
		{"<script><!-- x --> '<script>' </script>乙", "乙"},
		{"<script>if (a<!--b) '<script>' --></script>乙", "乙"},
		{"<style>甲</style><textarea>甲</textarea><noscript><p>甲</noscript><iframe>甲</iframe>乙", "乙"},
		{"<title>题</title><p>乙", "乙"},
		{"<script>甲", ""},
		{"<xmp><b>&amp;</xmp>乙", "<b>&amp;乙"},
		{"乙<plaintext><b></plaintext>", "乙<b></plaintext>"},

		{"<p hidden>甲<p>乙<div style='color:red; Display : None'>甲<div>甲</div>甲</div>乙", "乙|乙"},
		{"<ul><li hidden>甲<ul><li>甲</ul><li>乙</ul>", "乙"},
		{"<table><tr><td hidden>甲</div>甲<td>乙<tr hidden><td>甲<tr><td>乙</table>", "乙|乙"},
		{"<table hidden><tr><td>甲</table>乙", "乙"},
		{"<table hidden><p>乙</table>", "乙"},
		{"<div><span hidden>甲</div>乙", "乙"},
		{"<div hidden>甲</b></span></p>甲</div>乙", "乙"},
		{"<template><p>甲</template><select><option>甲</select><video>甲</video>乙", "乙"},
		{"<select><option>甲<input>乙", "乙"},
		{"<svg><title>甲</title><text>甲</text><path/></svg>乙<svg/>乙<svg><style/>甲<p>乙", "乙乙|乙"},
		{"<svg><foreignObject><p>甲</p></foreignObject></svg>乙", "乙"},
		{"<input type=hidden value=甲><input value=甲><img alt=甲>乙", "乙"},
		{"<body style='visibility:hidden'>乙", "乙"},
		{"<div hidden>" + strings.Repeat("<i>", 300) + "乙", "乙"},
	} {
		if got := screened(tt[0]); got != tt[1] {
			t.Errorf("%q\n  is   %q\n  want %q", tt[0], got, tt[1])
		}
	}
}

func TestScreenLinks(t *testing.T) {
	page := `<base href="/a/"><title>江畔新桥通车 两岸居民出行省时_临江网</title>
<div class="x"><h1>江畔新桥通车<br>两岸居民出行省时</h1><a href=1.html?x=1&amp;y=2#z>下一<b>页</b></a><a name=x>无</a><a href=1.html?x=1&amp;y=2>下一页</a>
<a href="javascript:go()">无</a><a href=" //other.example/?a=1&copy=2 "><p>他站</p>首页<a href='../b'><img></a><map><area href=/c title="第&nbsp;2 版"></map>
<div hidden>甲<a href="d">藏</a>乙</div><a href=e><span hidden>藏</span>显</a><a href="f" hidden title=名>藏</a></div>`
	title, text, links := extract.Screen([]byte(page), "", "https://site.example/news/1.html")
	if want := "江畔新桥通车 两岸居民出行省时"; title != want {
		t.Errorf("title %q", title)
	}
	if strings.ContainsAny(text, "甲乙藏") {
		t.Errorf("text %q", text)
	}
	want := []extract.Link{
		{Text: "下一页", URL: "https://site.example/a/1.html?x=1&y=2"},
		{Text: "他站 首页", URL: "https://other.example/?a=1&copy=2"},
		{URL: "https://site.example/b"},
		{Text: "第 2 版", URL: "https://site.example/c"},
		{Text: "藏", URL: "https://site.example/a/d"},
		{Text: "显", URL: "https://site.example/a/e"},
		{Text: "名", URL: "https://site.example/a/f"},
	}
	if !slices.Equal(links, want) {
		t.Errorf("got  %q\nwant %q", links, want)
	}
}

// TestScreenCharsets reads the same in every character set, also where the
// second byte of a character is an ASCII letter.
func TestScreenCharsets(t *testing.T) {
	simplified := strings.ReplaceAll(reprint, "字𠮷㙍", "字𠮷㙍丂亄凗 &amp;丗&lt;</p><p title='丅\">丂'>丄<!--丂-->")
	traditional := "<title>滨江大橋昨日建成通車</title><p title='功\">許'>功許餐蓋這是我們報紙的記者從現場發回的報導。<!--許--><a href=/許>一萬兩千餘輛車</a><p>大橋的步行道和自行車道在兩側"
	russian := strings.Repeat("<p>Новый мост через реку открыт вчера для движения.</p>", 9)
	for _, tt := range []struct {
		name, page string
		enc        encoding.Encoding
	}{
		{"gb18030", simplified, simplifiedchinese.GB18030},
		{"big5", traditional, traditionalchinese.Big5},
		{"utf-16le", simplified, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16be", traditional, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"windows-1251", russian, charmap.Windows1251},
		{"utf-8 with a mark", "\ufeff" + simplified, encoding.Nop},
	} {
		raw, err := tt.enc.NewEncoder().Bytes([]byte(tt.page))
		if err != nil {
			t.Fatal(err)
		}
		title, text, links := extract.Screen(raw, "text/html; charset="+tt.name, realBase)
		wantTitle, wantText, wantLinks := extract.Screen([]byte(tt.page), "", realBase)
		if title != wantTitle || text != wantText || !slices.Equal(links, wantLinks) || len(text) < 100 {
			t.Errorf("%s: %q %q %q\nwant %q %q %q", tt.name, title, text, links, wantTitle, wantText, wantLinks)
		}
	}
}

// TestScreenHostile holds every attack to a time that only a linear reader
// keeps.
func TestScreenHostile(t *testing.T) {
	size := testenv.Size(1 << 20)
	for _, unit := range []string{
		"<div>", "<div hidden>", "<div style=display:none><i>", "</div>", "<p hidden>", "<li hidden>", "<svg>", "<svg><p>", "<select><option>", "<table hidden><tr>",
		"<", "<a", "<a href=/x>", "<a href=/x>字", "<a href=' ", "<a b", "<a =", "<a b='>", "<!--", "<!-->", "<!-- -- ", "-->", "--", "<!", "<?", "</", "</ ", "<script>", "<script><!--",
		"<script><!--<script>", "<script><!--<script></script>", "</script", "<title>", "</title", "<xmp>&", "<plaintext>", "<h1 class=title>", "<h1>字</h1>", "<td><strong>",
		"&", "&#", "&#x", "&#1", "&a", "&amp", "&nbsp;", "\x00", "\xff", "\xff字", "字", "　", " ", "\n", ":", "<p style=':::", "<p style=display:", "<base href=/x>",
		"\x81", "\x81<", "\xd5\xfd", "<div>\xd5\xfd</div>",
	} {
		for _, frame := range [][2]string{{"", ""}, {"<div hidden>" + strings.Repeat("<i>", 200), ""}, {"<script><!-- ", ""}, {"<p title='", "'>"}} {
			page := []byte(frame[0] + strings.Repeat(unit, size/len(unit)) + frame[1])
			begin := time.Now()
			_, text, _ := extract.Screen(page, "", "https://site.example/a")
			if took := time.Since(begin); took > time.Second {
				t.Errorf("%q in %.20q took %v", unit, frame[0], took)
			}
			if len(text) > 4*size || !utf8.ValidString(text) {
				t.Errorf("%q in %.20q: %d bytes of text", unit, frame[0], len(text))
			}
		}
	}
}

// TestScreenLosesNothing holds the screen of every real page to what extraction
// finds on it: the whole body, the title, the links, and every paragraph that a
// person took for the body.
func TestScreenLosesNothing(t *testing.T) {
	var truths []truth
	if err := json.Unmarshal(sharedFile(t, "data/pages/truth.json"), &truths); err != nil {
		t.Fatal(err)
	}
	bodies := make(map[string]string)
	for _, p := range truths {
		bodies[p.File] = p.Body
	}
	fold := func(s string) string { return string(fingerprints.Fold(s).Folded) }
	paragraphs, checked := 0, 0
	for name, raw := range realPages(t) {
		title, text, links := extract.Screen(raw, "", realBase)
		d, err := extract.HTML(raw, "", realBase)
		if err != nil {
			t.Fatal(err)
		}
		if title != d.Title || !slices.Equal(links, d.Links) {
			t.Errorf("%s: title %q and %d links, want %q and %d", name, title, len(links), d.Title, len(d.Links))
		}
		if want := extract.ParsedText(raw, ""); text != want {
			t.Errorf("%s: text differs from what the parser shows", name)
		}
		seen, found := fold(text), fold(d.Text)
		for line := range strings.Lines(d.Text) {
			if !strings.Contains(seen, fold(line)) {
				t.Errorf("%s: extraction finds %q, the screen does not", name, line)
			}
		}
		for line := range strings.Lines(bodies[name]) {
			if f := fold(line); strings.Contains(found, f) {
				paragraphs++
				if !strings.Contains(seen, f) {
					t.Errorf("%s: the screen lacks %q", name, line)
				}
			}
		}
		checked++
	}
	t.Logf("%d paragraphs of the truth on %d pages", paragraphs, checked)
	if paragraphs < 200 {
		t.Errorf("only %d paragraphs were compared", paragraphs)
	}
}

// TestScreenTagSoup mixes markup at random. Nearly all that the parser shows, the
// screen shows too; where they differ, it is to show more.
func TestScreenTagSoup(t *testing.T) {
	parts := strings.Fields(`<div> </div> <div/hidden> <p> </p> <p/hidden> <span> </span> <span/style=display:none> <b> </b> <a/href=x> </a> <ul> </ul> <li> </li> <li/hidden>
		<table> </table> <tr> </tr> <td> </td> <td/hidden> <tr/hidden> <table/hidden> <h1> </h1> <section> </section> <svg> </svg> <select> </select> <option> <template> </template> <video> </video>
		<!----> <script>x</script> <br> <hr> <input> <dl> <dt/hidden> <dd> </dl> <object> </object> </body> <title>x</title> <form/hidden> </form>`)
	rng := rand.New(rand.NewPCG(1, 2))
	both, more, less := 0, 0, 0
	for range 20_000 {
		var page strings.Builder
		for i := range 4 + rng.IntN(20) {
			page.WriteString(parts[rng.IntN(len(parts))])
			if rng.IntN(2) == 0 {
				fmt.Fprintf(&page, "w%dz", i)
			}
		}
		parsed, text := extract.ParsedText([]byte(page.String()), ""), screened(page.String())
		for i := range 24 {
			word := fmt.Sprintf("w%dz", i)
			switch theirs, ours := strings.Contains(parsed, word), strings.Contains(text, word); {
			case theirs && ours:
				both++
			case theirs:
				less++
			case ours:
				more++
			}
		}
	}
	t.Logf("%d words shown by both, %d by the screen alone, %d by the parser alone", both, more, less)
	if less*100 > both {
		t.Errorf("%d of %d words are lost", less, both+less)
	}
}
