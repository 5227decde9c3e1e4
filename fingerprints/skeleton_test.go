package fingerprints_test

import (
	"slices"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
)

func skeleton(text string) []uint64 {
	return fingerprints.Skeleton(nil, fingerprints.Fold(text).Folded)
}

func TestSkeleton(t *testing.T) {
	tests := []struct {
		name, text string
		items      []string // each of which has one item
	}{
		{"nothing", "", nil},
		{"common words", "我们要在这里为人民做好工作", nil},
		{"a number and its unit", "全长是1666米", []string{"1666米"}},
		{"a number at the end", "共1666", []string{"1666"}},
		{"one digit", "共有3个", nil},
		{"a decimal point goes", "增长8.9个", []string{"89个"}},
		{"a name", "我们的冯砚秋", []string{"冯砚", "砚秋"}},
		{"a rare character among common ones", "人民的砚在这里", nil},
		{"Latin letters", "用的是RX550和GB", []string{"rx550", "gb"}},
		{"the same twice", "冯砚和冯砚", []string{"冯砚"}},
		{"outside the basic plane", "𠮷𠮷", []string{"𠮷𠮷"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []uint64
			for _, item := range tt.items {
				one := skeleton(item)
				if len(one) != 1 {
					t.Fatalf("%q has %d items", item, len(one))
				}
				want = append(want, one[0])
			}
			slices.Sort(want)
			if got := skeleton(tt.text); !slices.Equal(got, want) {
				t.Errorf("Skeleton(%q) = %x, want %x", tt.text, got, want)
			}
		})
	}
}

// TestSkeletonAppends keeps what the list had before.
func TestSkeletonAppends(t *testing.T) {
	got := fingerprints.Skeleton([]uint64{9, 9, 1}, fingerprints.Fold("冯砚").Folded)
	if want := append([]uint64{9, 9, 1}, skeleton("冯砚")...); !slices.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

func FuzzSkeleton(f *testing.F) {
	f.Add("冯砚秋1666米GB")
	f.Fuzz(func(t *testing.T, text string) {
		folded := fingerprints.Fold(text).Folded
		got := fingerprints.Skeleton(nil, folded)
		if len(got) > len(folded) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("%x of %q", got, text)
		}
	})
}

func BenchmarkSkeleton(b *testing.B) {
	page := fingerprints.Fold(strings.Repeat(dike, 3)).Folded
	b.SetBytes(int64(len(page)))
	list := make([]uint64, 0, len(page))
	for b.Loop() {
		list = fingerprints.Skeleton(list[:0], page)
	}
}
