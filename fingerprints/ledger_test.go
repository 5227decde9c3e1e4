package fingerprints_test

import (
	"math/rand/v2"
	"testing"

	"rightsdesk/fingerprints"
)

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
