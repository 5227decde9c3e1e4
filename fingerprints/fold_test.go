package fingerprints_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rightsdesk/fingerprints"
)

func TestFold(t *testing.T) {
	tests := []struct {
		name, in, want string
		origin         []int32
	}{
		{"empty", "", "", nil},
		{"punctuation goes", "一月，七日。", "一月七日", []int32{0, 1, 3, 4}},
		{"full width and case", "Ａbc１２", "abc12", []int32{0, 1, 2, 3, 4}},
		{"traditional to simplified", "著作權轉載，臺灣", "著作权转载台湾", []int32{0, 1, 2, 3, 4, 6, 7}},
		{"zero is a number", "二〇二六", "二〇二六", []int32{0, 1, 2, 3}},
		{"zero width and variation selectors", "二\u200b月\ufe00\U000e0101七\ufeff", "二月七", []int32{0, 2, 5}},
		{"a ligature has one origin", "ﬁn", "fin", []int32{0, 0, 1}},
		{"a composed letter", "e\u0301a", "éa", []int32{0, 2}},
		{"outside the BMP", "𠮷a", "𠮷a", []int32{0, 1}},
		{"invalid bytes count", "a\xff\xfeb", "ab", []int32{0, 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := fingerprints.Fold(tt.in)
			if string(got.Folded) != tt.want || !slices.Equal(got.Origin, tt.origin) {
				t.Errorf("Fold(%q) = %q %v, want %q %v", tt.in, string(got.Folded), got.Origin, tt.want, tt.origin)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	f.Add("一月，七日。Ａbc")
	f.Add("e\u0301\u0302\u0303\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := fingerprints.Fold(s)
		if len(got.Folded) != len(got.Origin) {
			t.Fatalf("%d runes, %d origins", len(got.Folded), len(got.Origin))
		}
		points := int32(len([]rune(s)))
		last := int32(0)
		for _, o := range got.Origin {
			if o < last || o >= points {
				t.Fatalf("origin %d after %d in a text of %d code points", o, last, points)
			}
			last = o
		}
	})
}

func FuzzFoldAgrees(f *testing.F) {
	for _, s := range []string{"臨江日報，第０２版", "e\u0301é ﬁ ㎏ \ufeff \U00020000", "가각\u1100\u1161", "\xff\xfea", "が か\u3099", "a\ufe0f\U000e0100b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, want := fingerprints.Fold(s), fingerprints.FoldSlowly(s)
		if !slices.Equal(got.Folded, want.Folded) || !slices.Equal(got.Origin, want.Origin) {
			t.Errorf("%q: %q %v, want %q %v", s, string(got.Folded), got.Origin, string(want.Folded), want.Origin)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	s := strings.Repeat("本报讯 记者王明从市水利局获悉，今年1至6月，全市新建改建农村公路128公里，“四好农村路”连通了每一个行政村。", 15)
	var t fingerprints.Text
	n := float64(utf8.RuneCountInString(s))
	t.Fold(s) // makes the table
	b.ReportAllocs()
	for b.Loop() {
		t.Fold(s)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/char")
}
