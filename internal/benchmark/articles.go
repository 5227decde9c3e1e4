package benchmark

import (
	"fmt"
	"math/rand/v2"
	"time"

	"rightsdesk/fingerprints"
)

// articles makes texts of any number, the same for the same number. They are no
// sentences, but to an index they are like news: characters and pairs of them are
// as frequent as in the corpus, and stretches recur as names, formulas and
// slogans do.
type articles struct {
	corpus []rune
}

// Texts are of so many characters with their punctuation, evenly.
const (
	shortest = 640
	longest  = 1060
)

// Of the selected grams of 7,413 real articles, 85 % stand in one of them, 5.9 %
// in two, 3.3 % in three or four, 2.3 % in five to eight, 2.2 % in up to 32 and
// 1.5 % in more. Stock stretches, chosen by a law of Zipf, and stretches of a
// story that neighbours tell too bring as many texts made here near those shares:
// see TestFrequencies.
const (
	stockOneIn    = 10 // pieces
	stockExponent = 1.2
	stockOffset   = 250
	stockSize     = 1 << 40
	storyOneIn    = 13 // pieces
	storyArticles = 2
	storyStock    = 3

	stretchShortest = 4 // pieces
	stretchLongest  = 6
	piece           = 3 // characters that stand together in the corpus
)

// firstPage is the number of the first text that is no article.
const firstPage = 1 << 40

// text is the text of a number.
func (a *articles) text(n uint64) []rune {
	r := rand.New(rand.NewPCG(n, 1))
	zipf := rand.NewZipf(r, stockExponent, stockOffset, stockSize)
	want := shortest + r.IntN(longest-shortest+1)
	list := make([]rune, 0, want+piece*stretchLongest)
	for len(list) < want {
		switch {
		case r.IntN(stockOneIn) == 0:
			list = a.stretch(list, zipf.Uint64())
		case r.IntN(storyOneIn) == 0:
			list = a.stretch(list, stockSize+n/storyArticles*storyStock+r.Uint64N(storyStock))
		default:
			list = a.piece(list, r)
		}
	}
	return list
}

// stretch appends the stock text of a number.
func (a *articles) stretch(list []rune, n uint64) []rune {
	r := rand.New(rand.NewPCG(n, 2))
	for range stretchShortest + r.IntN(stretchLongest-stretchShortest+1) {
		list = a.piece(list, r)
	}
	return list
}

func (a *articles) piece(list []rune, r *rand.Rand) []rune {
	at := r.IntN(len(a.corpus) - piece + 1)
	return append(list, a.corpus[at:at+piece]...)
}

const (
	idFormat = "a-%016x" // as long as the register's
	headline = 18        // characters
)

// article is the article of a number.
func (a *articles) article(n uint64) fingerprints.Article {
	text := a.text(n)
	return fingerprints.Article{
		ID: fmt.Sprintf(idFormat, n), Title: string(text[:headline]), Text: string(text), PublishedAt: time.Unix(int64(n), 0),
	}
}

// page is the text of a page that copies nothing, by its number.
func (a *articles) page(n int) string { return string(a.text(firstPage + uint64(n))) }
