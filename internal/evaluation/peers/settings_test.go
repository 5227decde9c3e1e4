package main

import "testing"

// got is a peer that names the right article on every copy, but surely on two of
// four only, and reports one pair wrongly, less surely than those.
func got() *outcome {
	return &outcome{
		Articles: 1000, Unrelated: 1000, PerCopy: 0.5, PerUnrelated: 0.25,
		Copies: []found{{"whole", 9}, {"whole", 8}, {"part", 3}, {"part", 2}},
		Alarms: []alarm{{Page: 7, Score: 5}, {Page: 7, Score: 1, Shared: true}, {Page: 8, Score: 1}},
	}
}

func TestAt(t *testing.T) {
	for _, c := range []struct{ from, whole, part, million, other, percent float64 }{
		{9, 50, 0, 0, 0, 0},
		{5, 100, 0, 1, 1, 0.1},
		{1, 100, 100, 3, 2, 0.2},
	} {
		r := at(got(), c.from)
		if r.Recall["whole"] != c.whole || r.Recall["part"] != c.part || r.Mean != (c.whole+c.part)/2 {
			t.Errorf("from %v: recall %v, mean %v", c.from, r.Recall, r.Mean)
		}
		if r.Million != c.million || r.MillionOther != c.other || r.Percent != c.percent {
			t.Errorf("from %v: %v and %v pairs a million, %v %% of the pages", c.from, r.Million, r.MillionOther, r.Percent)
		}
	}
	if r := at(got(), 0); r.Copies != 2 || r.Unrelated != 4 {
		t.Errorf("%v copies and %v unrelated pages a second", r.Copies, r.Unrelated)
	}
}

func TestSettings(t *testing.T) {
	if from := balanced(got()); from != 2 {
		t.Errorf("best balance from %v, want 2: all copies, one page", from)
	}
	for million, want := range map[float64]float64{0: 8, 1: 2, 2: 2, 3: 1} {
		if from := quiet(got(), million); from != want {
			t.Errorf("no more than %v a million from %v, want %v", million, from, want)
		}
	}
	noisy := &outcome{Articles: 1, Unrelated: 1, Alarms: []alarm{{Score: 4}}}
	if from := quiet(noisy, 0); at(noisy, from).Million != 0 {
		t.Errorf("from %v there are alarms", from)
	}
}
