// Package fingerprints finds text that was copied from registered articles, in
// Chinese above all, and says which characters of which article stand where.
//
// An [Index] takes articles and looks for them on a [Page]: [Index.Candidates] is
// the cheap screen, [Index.Match] gives the passages. [Align] compares two texts
// without an index, [Diff] and [Changes] show what was altered, and [Simhash] with
// a [HashIndex] finds whole texts that are nearly the same.
//
// # Method
//
//   - [Fold] drops what is no difference: form and case of letters, traditional
//     characters, marks, white space, what nobody sees.
//   - The index keeps runs of eight folded characters, chosen by winnowing
//     (Schleimer, Wilkerson and Aiken 2003): one at least of any 15 in a row. A
//     page that shares two with an article makes it a candidate.
//   - A candidate is aligned from the runs that both have, with gaps, up to where
//     it gets worse (as BLAST does; Altschul and others 1990); places where hardly
//     more than half stayed are passed in a band (Needleman and Wunsch 1970).
//   - Each character counts by how surprising it is after those before it, among
//     all texts that the index knows. A ledger counts in how many of them each
//     run of up to six stands (cells of bounded size: Estan and Varghese 2002,
//     Morris 1978). So formulas, lists of names and slogans prove little and an
//     article's own words much. What reaches the threshold is a [Match]; what
//     older texts have too is a [CommonSource]. See [Index.Find] for the rule.
//   - An article told again in other words is looked for by its names, numbers and
//     rare words in their order, and by how many bits shorter it can be told by who
//     has the page (a parse by pieces, after Ziv and Merhav 1993).
//
// # Limits
//
// Found is what testdata/passages shows: text cut, shuffled, framed by a site's own
// words, with characters replaced, in another script, several articles at once.
// Missed are
//   - quotations: a sentence or two, up to some 60 characters, of a longer article;
//     somewhat more is named as common source;
//   - text of which hardly 15 characters in a row stayed, unless it is found as a
//     rewording: of such as keep to the article sentence by sentence all are found
//     that were tried, of those told anew from the same facts about half, among the
//     newest 16,384 articles only, and none shorter than some 80 characters;
//   - articles of fewer than 24 characters, and half of one of fewer than 130;
//   - translations, summaries, and text in pictures;
//   - words that are others in Taiwan or Hong Kong, which count as replaced.
//
// Reported wrongly may be
//   - formulas while the index knows but few texts: give it some with
//     [Index.AddKnown]; the ledger learns from the first 65,536, and of these forgets
//     what one alone has once its table is full;
//   - an event's own facts, in two reports of it, as a rewording.
//
// A page is compared with 32 candidates at most, and a run of eight characters that
// more than 32 texts have makes none a candidate. The command "rightsdesk eval"
// measures all of this on articles.
//
// # Units
//
// Offsets are half-open and count Unicode code points of the texts as they were
// given; runs and lengths count folded characters. The package does no I/O and
// never asks what time it is. What it makes is of one [Scheme].
//
// # Measured beside others
//
// On 2026-11-25, with "make bench-peers", on one core of an AMD EPYC: 1,853
// registered news articles, 2,105 pages that have nothing of them, 2,100 pages made
// from them, 100 of each kind. A page is found where the right article is reported.
// Ours is as it ships. The others are at the setting that their documentation or
// the literature names, or at the one of the best balance on these same pages,
// which favours them:
//
//   - h<=3, h<=10: mfonda/simhash of the trigrams, so many bits apart at most;
//   - LSH, LSH best: ekzhu/minhash-lsh, equal shares from 0.5 and from 0.16;
//   - trgm, trgm best: PostgreSQL pg_trgm, word_similarity from 0.6 and from 0.25;
//   - FTS5: SQLite's trigrams, the ten best by bm25, at the best balance;
//   - Bleve: pairs of characters, the ten best by BM25, at the best balance.
//
// The figures are:
//
//	recall, %                                         ours      h<=3     h<=10       LSH  LSH best      trgm trgm best      FTS5     Bleve
//	verbatim, new title and credit                   100.0      49.0      98.0     100.0     100.0     100.0     100.0     100.0     100.0
//	600 characters of a site around                  100.0       1.0      17.0      57.0     100.0     100.0     100.0     100.0     100.0
//	2,000 characters of a site around                100.0       0.0       1.0       8.0      94.0     100.0     100.0     100.0      43.0
//	10 % of sentences dropped                        100.0       9.0      85.0      99.0     100.0     100.0     100.0     100.0     100.0
//	20 % of sentences dropped                        100.0       3.0      70.0     100.0     100.0     100.0     100.0     100.0     100.0
//	40 % of sentences dropped                        100.0       0.0      29.0      87.0     100.0      71.0     100.0     100.0     100.0
//	sentences shuffled                               100.0      32.0      97.0     100.0     100.0     100.0     100.0     100.0     100.0
//	5 % of characters replaced                       100.0       2.0      70.0     100.0     100.0     100.0     100.0     100.0     100.0
//	10 % of characters replaced                      100.0       0.0      30.0      66.0     100.0       8.0     100.0     100.0     100.0
//	20 % of characters replaced                       98.0       0.0       3.0       0.0     100.0       0.0      99.0     100.0     100.0
//	10 % of words replaced                           100.0       3.0      49.0     100.0     100.0     100.0     100.0     100.0     100.0
//	200 characters in another article                100.0       0.0       2.0       0.0      64.0       6.0      90.0     100.0      49.0
//	100 characters in another article                 99.0       0.0       0.0       0.0      21.0       1.0      51.0      57.0       9.0
//	three articles merged                            100.0       1.0      15.0      45.0      96.0     100.0     100.0     100.0      83.0
//	one of three pages                                99.0       0.0       5.0       1.0      98.0     100.0     100.0     100.0     100.0
//	traditional characters                           100.0      53.0      99.0     100.0     100.0     100.0     100.0     100.0     100.0
//	traditional characters, words of Taiwan          100.0      38.0      95.0     100.0     100.0     100.0     100.0     100.0     100.0
//	full-width forms                                 100.0      56.0     100.0     100.0     100.0     100.0     100.0     100.0     100.0
//	zero-width and variation characters              100.0      53.0     100.0     100.0     100.0     100.0     100.0     100.0     100.0
//	40 % dropped and 10 % replaced                   100.0       0.0       6.0       2.0      98.0       0.0     100.0     100.0     100.0
//	140 characters in another article, 4 % replaced  100.0       0.0       0.0       0.0      31.0       0.0      55.0      83.0       9.0
//	mean                                              99.8      14.3      46.2      60.2      90.6      70.8      95.0      97.1      85.4
//
//	pairs reported per million                         4.6       0.0       5.6       2.6      72.6       2.1      26.4      60.2      54.4
//	without pairs known to share text                  1.0       0.0       4.6       1.3      67.4       0.8      22.0      53.6      49.5
//	pages with a report, %                            0.81      0.00      0.76      0.29      5.23      0.29      3.09      5.65      5.18
//
//	unrelated pages a second                          7682      5300      5300      6283      6283       181       181        42        77
//	copies a second                                   2504      3129      3129      3891      3891       128       128        15        39
//	memory, MB                                        78.8       6.1       6.1      15.9      15.9      82.4      82.4      19.1      31.7
//
// Ours leads in mean recall, in recall of short excerpts and in unrelated pages a
// second, at a tenth of the false reports of what comes near. It does not lead
// everywhere: simhash and MinHash are faster on copies and all but pg_trgm smaller;
// the strict settings report less wrongly and find less; and where one word in five
// is replaced, or a third of an article is left, the loose ones find a page or two
// more, at ten times the false reports. One page is one per cent here. Speed is by
// processor time, with the texts in memory.
package fingerprints
