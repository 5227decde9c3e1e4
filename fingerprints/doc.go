// Package fingerprints finds text that was copied from registered articles.
//
// Texts are folded first, see [Fold]. An [Index] of the articles' grams, runs of
// eight folded characters, screens a page for candidates; what they share is
// aligned exactly and reported as a [Match] with its passages, see
// [Index.Match]. [Simhash] tells how near two whole texts are. [Diff] and
// [Changes] show what was altered.
//
// Offsets are half-open and count Unicode code points of the texts as they were
// given; runs count folded characters. The package does no I/O and never asks
// what time it is.
package fingerprints
