package fingerprints_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mfonda/simhash"

	"rightsdesk/fingerprints"
)

// librarySimhash is what Simhash has to equal: the library over 3-grams.
func librarySimhash(t fingerprints.Text) uint64 { return simhash.Simhash(libraryGrams(t.Folded)) }

type libraryGrams []rune

func (g libraryGrams) GetFeatures() []simhash.Feature {
	if len(g) < 3 {
		return []simhash.Feature{simhash.NewFeature([]byte(string(g)))}
	}
	features := make([]simhash.Feature, 0, len(g)-2)
	for i := range len(g) - 2 {
		features = append(features, simhash.NewFeature([]byte(string(g[i:i+3]))))
	}
	return features
}

func TestSimhashIsTheLibrarys(t *testing.T) {
	texts := map[string][]rune{
		"empty":                 nil,
		"one character":         []rune("江"),
		"two characters":        []rune("临江"),
		"three characters":      []rune("临江市"),
		"a tie of two grams":    []rune("临江市委"),
		"one gram many times":   []rune(strings.Repeat("江", 1000)),
		"Latin and digits":      []rune("gdp2026年增长5点2"),
		"two bytes":             []rune("привет临江ñandú"),
		"beyond the BMP":        []rune("𠮷野家𪚥𪚥𪚥临江𠮷"),
		"the edges of UTF-8":    {0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF},
		"surrogates and beyond": {0xD800, '江', 0xDBFF, 0xDC00, '江', 0xDFFF, 0x110000, -1, '江', 1<<31 - 1, -1 << 31},
		"the replacement rune":  {utf8.RuneError, utf8.RuneError, '江'},
	}
	for name, runes := range texts {
		text := fingerprints.Text{Folded: runes}
		if got, want := fingerprints.Simhash(text), librarySimhash(text); got != want {
			t.Errorf("%s: %016x, the library has %016x", name, got, want)
		}
	}
}

func TestSimhashOfEveryLength(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 700 {
		for _, alphabet := range []int{1, 2, 40, 5000} {
			text := randomText(random, n, alphabet)
			if got, want := fingerprints.Simhash(text), librarySimhash(text); got != want {
				t.Fatalf("%d characters of %d kinds: %016x, the library has %016x", n, alphabet, got, want)
			}
		}
	}
}

func TestSimhashOfALongText(t *testing.T) {
	text := randomText(rand.New(rand.NewPCG(3, 4)), 300_000, 3)
	if got, want := fingerprints.Simhash(text), librarySimhash(text); got != want {
		t.Errorf("%016x, the library has %016x", got, want)
	}
}

func TestSimhashDoesNotAllocate(t *testing.T) {
	text := randomText(rand.New(rand.NewPCG(5, 6)), 600, 5000)
	if n := testing.AllocsPerRun(10, func() { fingerprints.Simhash(text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDistanceIsTheLibrarys(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for i := range 10_000 {
		a, b := random.Uint64(), random.Uint64()>>(i%65)
		if got, want := fingerprints.Distance(a, b), int(simhash.Compare(a, b)); got != want {
			t.Fatalf("%x and %x: %d, the library has %d", a, b, got, want)
		}
	}
}

func FuzzSimhash(f *testing.F) {
	f.Add("临江日报讯：全市防汛工作会议昨日召开", []byte{0, 0xD8, 0, 0, 1, 0, 0x11, 0})
	f.Add("𠮷a é", []byte{})
	f.Fuzz(func(t *testing.T, s string, raw []byte) {
		runes := []rune(s)
		for ; len(raw) >= 4; raw = raw[4:] { // any int32 is a rune in a Text
			runes = append(runes, rune(binary.LittleEndian.Uint32(raw)))
		}
		text := fingerprints.Text{Folded: runes}
		if got, want := fingerprints.Simhash(text), librarySimhash(text); got != want {
			t.Fatalf("%x: %016x, the library has %016x", runes, got, want)
		}
	})
}

func ExampleSimhash() {
	article := "本报讯 受连日强降雨影响，清河临江段水位昨日二十时涨至警戒线。市防汛指挥部启动三级响应，" +
		"沿线六个乡镇连夜转移群众一千二百余人，抢险队员在大堤上彻夜值守，截至今晨六时未发现险情。"
	reprint := "（来源：临江日报）" + article + "责任编辑：王一"
	other := "市图书馆新馆将于下月对外开放，馆内设有儿童阅览区、古籍修复室和二十四小时自助借阅厅，" +
		"读者凭身份证即可办理借阅，外文图书的数量也由此前的三千册增至两万册。"

	hash := fingerprints.Simhash(fingerprints.Fold(article))
	fmt.Printf("%016x\n", hash)
	fmt.Println(fingerprints.Distance(hash, fingerprints.Simhash(fingerprints.Fold(reprint))))
	fmt.Println(fingerprints.Distance(hash, fingerprints.Simhash(fingerprints.Fold(other))))
	// Output:
	// 95786565e780a90e
	// 9
	// 31
}

// BenchmarkSimhash reports how many times the library's speed ours is, over an
// article of 600 characters.
func BenchmarkSimhash(b *testing.B) {
	const length = 600
	text := randomText(rand.New(rand.NewPCG(9, 10)), length, 5000)
	b.ReportAllocs()
	for b.Loop() {
		fingerprints.Simhash(text)
	}
	ours := median(2001, func(int) { fingerprints.Simhash(text) })
	library := median(201, func(int) { librarySimhash(text) })
	b.ReportMetric(float64(ours.Nanoseconds())/(length-2), "ns/gram")
	b.ReportMetric(float64(library.Nanoseconds())/(length-2), "library-ns/gram")
	b.ReportMetric(float64(library)/float64(ours), "times-library")
}

// median is the time that the middle one of n calls takes.
func median(n int, call func(i int)) time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		start := time.Now()
		call(i)
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times[n/2]
}

// randomText has n characters of an alphabet of Chinese ones, with a digit and
// a character beyond the BMP among them.
func randomText(random *rand.Rand, n, alphabet int) fingerprints.Text {
	runes := make([]rune, n)
	for i := range runes {
		switch k := random.IntN(alphabet); k {
		case 37:
			runes[i] = '7'
		case 38:
			runes[i] = '𠮷'
		default:
			runes[i] = 0x4E00 + rune(k)
		}
	}
	return fingerprints.Text{Folded: runes}
}
