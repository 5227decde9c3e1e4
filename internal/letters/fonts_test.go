package letters_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"

	"rightsdesk/internal/letters"
)

// TestFontSums re-reads the embedded fonts against their recorded sums.
func TestFontSums(t *testing.T) {
	sums, err := os.ReadFile("vendor-fonts/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		want[name] = sum
	}
	files, err := filepath.Glob("vendor-fonts/*.ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(want) {
		t.Errorf("%d fonts, %d sums", len(files), len(want))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".gz")
		if got := unpackedSum(t, file); got != want[name] {
			t.Errorf("%s: sum %s, want %s", name, got, want[name])
		}
	}
}

func unpackedSum(t *testing.T, file string) string {
	t.Helper()
	packed, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	font, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, font); err != nil { //nolint:gosec // our own file
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// gbk lists the characters that GBK encodes in two bytes.
func gbk(t *testing.T) []rune {
	t.Helper()
	var list []rune
	for a := 0x81; a <= 0xFE; a++ {
		for b := 0x40; b <= 0xFE; b++ {
			out, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{byte(a), byte(b)})
			if err != nil {
				t.Fatal(err)
			}
			r := []rune(string(out))
			if len(r) == 1 && r[0] != '\uFFFD' && !unicode.Is(unicode.Co, r[0]) {
				list = append(list, r[0])
			}
		}
	}
	return list
}

func standard(t *testing.T) []rune {
	t.Helper()
	text, err := os.ReadFile("vendor-fonts/tgh-2013.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := []rune(strings.ReplaceAll(string(text), "\n", ""))
	if len(list) != 8105 {
		t.Fatalf("the table has %d characters, want 8105", len(list))
	}
	return list
}

// TestEveryCharacterIsDrawn puts all of GBK and of 通用规范汉字表 into a letter:
// every one has a glyph with an outline, and those of the BMP can be read back.
func TestEveryCharacterIsDrawn(t *testing.T) {
	for _, c := range []struct {
		name string
		list []rune
		min  int
	}{{"GBK", gbk(t), 21791}, {"通用规范汉字表", standard(t), 8105}} {
		t.Run(c.name, func(t *testing.T) {
			if len(c.list) < c.min {
				t.Errorf("%d characters, want at least %d", len(c.list), c.min)
			}
			r := ready()
			r.Paragraphs = []string{string(c.list)}
			pdf, undrawn := write(t, r)
			if len(undrawn) > 0 {
				t.Errorf("no font draws %q", string(undrawn))
			}
			got := readBack(t, pdf)
			missing := 0
			for _, ch := range c.list {
				if ch < 0x10000 && !unicode.IsSpace(ch) && !strings.ContainsAny(got, string(ch)+norm.NFC.String(string(ch))+twin(ch)) {
					missing++
					t.Logf("not read back: %q U+%04X", ch, ch)
				}
			}
			if missing > 0 {
				t.Errorf("%d of %d characters are not read back", missing, len(c.list))
			}
		})
	}
}

// twin is the character that shares its glyph with this one: a PDF that holds
// both reads back one of the two. Compatibility ideographs do so by nature.
func twin(r rune) string {
	switch r {
	case '\u2035':
		return "`\uFF40\u2032"
	case '\u2215':
		return "/\u2044\uFF0F"
	}
	return ""
}

func write(t *testing.T, r *letters.Report) (pdf []byte, undrawn []rune) {
	t.Helper()
	var b bytes.Buffer
	undrawn, err := letters.PDF(&b, r)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), undrawn
}
