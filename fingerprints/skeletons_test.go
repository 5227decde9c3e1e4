package fingerprints_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"rightsdesk/fingerprints"
)

const dikeRetold = "青石渡口的最后一段混凝土护坡昨天浇筑完毕，临江市江堤加固工程就此合龙，三百多名建设者为它在雨里干了好些天。" +
	"这段堤防有四十年历史，市水务局说它堤身单薄，去年汛期冒出过两处管涌。如今堤顶高了一米二，背水坡还铺上了排渗盲沟。" +
	"老船工冯守义的家就在渡口边，他讲：“往年一到六月，夜里总要起来看几回水，今年可以睡个囫囵觉了。”" +
	"护坡上的狗牙根刚栽下就返了青，马道边有养护工人在清点测压管。"

const dikeOther = "汛期将至，临江市各区县对江堤开展拉网式排查。昨日下午，记者跟随北岸巡堤队走了十一公里，队员们手持竹竿逐段试探草丛下的堤脚。" +
	"队长曹根生介绍，全队二十六人分两班，夜间每两小时巡一趟。遇到渗水点先插旗编号，再由技术员判断是否需要导滤。" +
	"市防汛指挥部表示，今年储备编织袋四十万条、块石三万立方米，分存在沿江九个仓库。"

func TestSkeletons(t *testing.T) {
	s := fingerprints.NewSkeletons(16)
	s.Add(7, skeleton(dike))
	s.Add(8, skeleton(market))
	tests := []struct {
		name, page string
		want       []int32
	}{
		{"reworded", dikeRetold, []int32{7}},
		{"reworded in other text", market[:60] + dikeRetold + dikeOther, []int32{7}},
		{"the text itself", market, []int32{8}},
		{"another report", dikeOther, nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.Candidates(skeleton(tt.page)); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSkeletonsForget(t *testing.T) {
	s := fingerprints.NewSkeletons(2)
	has := func(text string) bool { return len(s.Candidates(skeleton(text))) > 0 }
	s.Add(0, skeleton(dike))
	s.Add(0, skeleton(market))
	if has(dike) || !has(market) {
		t.Error("an article of the same number is not replaced")
	}
	s.Remove(0)
	s.Remove(0)
	s.Remove(1)
	if has(market) {
		t.Error("the removed article is still there")
	}
	s.Add(1, skeleton(dike))
	s.Add(2, skeleton(market))
	s.Add(3, skeleton(dikeOther))
	if has(dike) || !has(market) || !has(dikeOther) {
		t.Error("the oldest article has not made room")
	}
}

// TestSkeletonsOfMany holds the items that many articles have worthless.
func TestSkeletonsOfMany(t *testing.T) {
	s := fingerprints.NewSkeletons(2000)
	for n := range int32(1000) {
		s.Add(n, skeleton(dike))
	}
	if got := s.Candidates(skeleton(dike)); len(got) > 0 {
		t.Errorf("what a thousand articles have makes candidates: %v", got)
	}
}

// TestSkeletonsThroughChanges: after any additions and removals, what is found
// is held, and what was just added is found.
func TestSkeletonsThroughChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		used, held := fingerprints.NewSkeletons(4), []int32{}
		text := func(n int32) string { return fmt.Sprintf("%d米%d斤%d块%d袋", 100+n, 200+n, 300+n, 400+n) }
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			n := rapid.Int32Range(0, 6).Draw(t, "article")
			if rapid.Bool().Draw(t, "remove") {
				used.Remove(n)
				held = slices.DeleteFunc(held, func(m int32) bool { return m == n })
				continue
			}
			used.Add(n, skeleton(text(n)))
			if !slices.Contains(held, n) {
				held = append(held, n)
			}
			if got := used.Candidates(skeleton(text(n))); !slices.Equal(got, []int32{n}) {
				t.Fatalf("article %d was added: got %v", n, got)
			}
		}
		for n := range int32(7) {
			got := used.Candidates(skeleton(text(n)))
			if len(got) > 1 || len(got) == 1 && (got[0] != n || !slices.Contains(held, n)) {
				t.Fatalf("article %d: got %v of %v", n, got, held)
			}
		}
	})
}

func TestSkeletonsConcurrently(t *testing.T) {
	s := fingerprints.NewSkeletons(16)
	s.Add(7, skeleton(dike))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := s.Candidates(skeleton(dikeRetold)); !slices.Equal(got, []int32{7}) {
					t.Errorf("got %v", got)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkCandidates(b *testing.B) {
	s := fingerprints.NewSkeletons(fingerprints.RewordedAmong)
	for n := range int32(fingerprints.RewordedAmong) {
		s.Add(n, skeleton(dike[:300]+strconv.Itoa(int(n)%97+100)+"米"+strconv.Itoa(int(n)+1000)+"米"))
	}
	page := skeleton(dikeRetold + "120米130米140米1234米")
	for b.Loop() {
		s.Candidates(page)
	}
}
