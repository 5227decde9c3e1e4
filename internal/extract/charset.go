package extract

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	textunicode "golang.org/x/text/encoding/unicode"
)

const (
	utf8Name    = "utf-8"
	gbName      = "gb18030"
	big5Name    = "big5"
	sampleBytes = 256 << 10
)

// Decode turns raw bytes into text and says which character set they are in. It
// decides from the bytes; contentType, a header's value or empty, and what the
// page declares only break a tie between character sets that fit no better than
// each other. Every gb label means GB18030, because the narrower decoders lose
// characters of four bytes. A byte order mark and NUL characters are dropped;
// bytes that are no text become U+FFFD.
func Decode(raw []byte, contentType string) (text, charset string) {
	enc, charset := sniff(raw, contentType)
	decoded := raw
	if enc != nil {
		if out, err := enc.NewDecoder().Bytes(raw); err == nil {
			decoded = out
		}
	}
	decoded = bytes.TrimPrefix(decoded, []byte("\ufeff"))
	text = strings.ToValidUTF8(string(decoded), "\ufffd")
	return strings.ReplaceAll(text, "\x00", ""), charset
}

// sniff names the character set; the encoding is nil for UTF-8.
func sniff(raw []byte, contentType string) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return nil, utf8Name
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.UseBOM), "utf-16le"
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.UseBOM), "utf-16be"
	case mostlyUTF8(raw):
		return nil, utf8Name
	}
	gb := commonShare(raw, gbPoints())
	big5 := commonShare(raw, big5Points())
	const clear, plausible = 0.15, 0.08
	switch {
	case gb > big5+clear:
		return simplifiedchinese.GB18030, gbName
	case big5 > gb+clear:
		return traditionalchinese.Big5, big5Name
	}
	vote := chardetVote(sample(raw))
	switch {
	case max(gb, big5) < plausible:
		return foreign(vote, declared(raw, contentType))
	case vote == big5Name && big5 > plausible:
		return traditionalchinese.Big5, big5Name
	case vote != gbName && big5 > gb:
		return traditionalchinese.Big5, big5Name
	}
	return simplifiedchinese.GB18030, gbName
}

// mostlyUTF8 accepts a page that a cut or a stray byte spoilt: text in another
// encoding has far more broken sequences than whole ones.
func mostlyUTF8(raw []byte) bool {
	whole, broken := 0, 0
	for i := ascii(raw); i < len(raw); i += ascii(raw[i:]) {
		for ; i+2 < len(raw) && raw[i] >= 0xE4 && raw[i] <= 0xE9 && raw[i+1]&0xC0 == 0x80 && raw[i+2]&0xC0 == 0x80; i += 3 {
			whole++ // most of Chinese text
		}
		if i == len(raw) || raw[i] < utf8.RuneSelf {
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		i += n
		if r != utf8.RuneError || n > 1 {
			whole++
		} else if broken++; whole+(len(raw)-i)/2 < 20*broken {
			return false // whatever follows
		}
	}
	return whole >= 20*broken
}

// sample is the stretch of raw that holds the text: from the first byte that is
// not ASCII, since scripts and styles may come before it.
func sample(raw []byte) []byte {
	var out []byte
	for line := range bytes.Lines(raw) {
		if bytes.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
			continue
		}
		out = append(out, line[:min(len(line), sampleBytes-len(out))]...)
		if len(out) >= sampleBytes {
			break
		}
	}
	return out
}

// commonText holds characters that are frequent in Chinese newspapers, in both
// scripts, and the marks that go with them.
const commonText = "，。、：；？！“”‘’（）《》「」—…·０１２３４５６７８９\u3000" +
	"的一是不了在人有我他这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔款党省委县镇村农企业项目会议记者报讯推服务" +
	"這來國說時要會對過發後裡種經麼學現當沒動樣開從實軍無與長機關點業將兩間問並應戰頭體見產總電數報結場計期資統區隊決黨縣書則聽達強難權設記據邊張該規萬覺術領確傳師觀讓識帶導爭運務聞訊們為個員進還處條氣題變門議論"

// chardetVote is the second opinion: gb18030, big5 or another name in lower case.
func chardetVote(raw []byte) string {
	best, err := chardet.NewTextDetector().DetectBest(raw)
	if err != nil {
		return ""
	}
	return canonicalCharset(best.Charset)
}

func canonicalCharset(label string) string {
	label = strings.ToLower(strings.Trim(strings.TrimSpace(label), `"'`))
	if strings.HasPrefix(label, "gb") || strings.HasPrefix(label, "x-gb") || label == "hz-gb-2312" || label == "cp936" {
		return gbName
	}
	if strings.HasPrefix(label, "big5") {
		return big5Name
	}
	return label
}

// foreign decides for bytes that are no likely Chinese: the detector's opinion,
// then the declared label, then the one that decodes any byte.
func foreign(labels ...string) (encoding.Encoding, string) {
	for _, label := range labels {
		label = canonicalCharset(label)
		switch label {
		case gbName:
			return simplifiedchinese.GB18030, gbName
		case big5Name:
			return traditionalchinese.Big5, big5Name
		case "", utf8Name, "utf8", "replacement", "x-user-defined":
			continue
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			continue
		}
		if name, err := htmlindex.Name(enc); err == nil {
			return enc, name
		}
	}
	return simplifiedchinese.GB18030, gbName
}

// declared is the label of the header, else of the first meta element.
func declared(raw []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		return strings.ToLower(strings.Trim(params["charset"], `"' `))
	}
	head := bytes.ToLower(raw[:min(len(raw), 16<<10)])
	for {
		i := bytes.Index(head, []byte("<meta"))
		if i < 0 {
			return ""
		}
		head = head[i+len("<meta"):]
		tag, _, _ := bytes.Cut(head, []byte(">"))
		if _, rest, ok := bytes.Cut(tag, []byte("charset")); ok {
			rest = bytes.TrimLeft(rest, " \t\r\n=\"'")
			end := bytes.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\r\n\"';/>", r) })
			if end < 0 {
				end = len(rest)
			}
			if end > 0 && end < 40 {
				return string(rest[:end])
			}
		}
	}
}
