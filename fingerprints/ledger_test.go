package fingerprints_test

import (
	"math/rand/v2"
	"testing"

	"rightsdesk/fingerprints"
)

// TestLedgerForgets: after far more text than its table has room for, what no other
// text has is as surprising as among few, and what all have is not.
func TestLedgerForgets(t *testing.T) {
	const long = 20_000 // characters of a text, as many as fill the table soon
	random := rand.New(rand.NewPCG(1, 2))
	ledger, asked := fingerprints.NewLedger(), randomText(random, 1000, 3000).Folded
	formula := fingerprints.Fold(dike).Folded
	add := func(texts int) {
		for range texts {
			text := randomText(random, long, 3000)
			copy(text.Folded, formula)
			ledger.Add(text)
		}
	}
	var reader fingerprints.Reader
	mean := func(text []rune) (sum float64) {
		for _, b := range fingerprints.Bits(ledger, &reader, text, 0) {
			sum += min(b, 4)
		}
		return sum / float64(len(text))
	}
	add(10)
	few := mean(asked)
	add(140)
	if many := mean(asked); many < 0.95*few {
		t.Errorf("a text of its own has %.2f bits a character among many texts, %.2f among few", many, few)
	}
	if common := mean(formula[longest:]); common > 0.5 {
		t.Errorf("what all texts have has %.2f bits a character", common)
	}
}

// longest is how many characters at the start of a text have not all before them
// that a ledger looks at.
const longest = 6

func BenchmarkLedgerAdd(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([]fingerprints.Text, 1024)
	for i := range texts {
		texts[i] = randomText(random, 800, 3000)
	}
	ledger := fingerprints.NewLedger()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if !ledger.Add(texts[i%len(texts)]) {
			b.Fatal("the ledger is full")
		}
	}
}

// BenchmarkLedgerBits weighs an article of 800 characters by the ledger of 2,000.
func BenchmarkLedgerBits(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	ledger, text := fingerprints.NewLedger(), fingerprints.Text{}
	for range 2000 {
		text = randomText(random, 800, 3000)
		ledger.Add(text)
	}
	var reader fingerprints.Reader
	b.ReportAllocs()
	for b.Loop() {
		fingerprints.Bits(ledger, &reader, text.Folded, 1)
	}
}
