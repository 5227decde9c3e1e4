// Package fingerprints finds text that was copied from registered articles.
//
// Texts are folded first, see [Fold]. An [Index] of the articles' grams, runs of
// eight folded characters chosen by winnowing (Schleimer, Wilkerson and Aiken
// 2003), screens a page for candidates. A candidate is aligned with gaps, and
// each character that both have counts by how surprising it is among all the
// texts that the index knows: a [Ledger] predicts it from the characters before
// it, so that official formulas, lists of names and slogans prove little and an
// article's own words much. What reaches the threshold is a [Match]; what older
// texts have too is a [CommonSource]. See [Index.Find] for the rule, and the
// command "rightsdesk eval" for what it finds and what it reports wrongly.
//
// [Simhash] tells how near two whole texts are. [Diff] and [Changes] show what
// was altered.
//
// An article told again in other words is looked for by the [Skeleton] of its
// names, numbers and rare words, and compared piece by piece, see [Retold].
//
// Limits: of texts told anew from the same facts about half are found, among the
// newest 16 thousand articles only; short pieces that are formula throughout are
// not told apart.
//
// Offsets are half-open and count Unicode code points of the texts as they were
// given; runs count folded characters. The package does no I/O and never asks
// what time it is.
package fingerprints
