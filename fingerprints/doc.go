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
//	verbatim, new title and credit                   100.0      51.0      99.0     100.0     100.0     100.0     100.0     100.0     100.0
//	600 characters of a site around                  100.0       0.0      12.0      58.0     100.0     100.0     100.0     100.0      99.0
//	2,000 characters of a site around                100.0       0.0       2.0       3.0      94.0     100.0     100.0     100.0      20.0
//	10 % of sentences dropped                        100.0      14.0      94.0     100.0     100.0     100.0     100.0     100.0     100.0
//	20 % of sentences dropped                        100.0       5.0      65.0     100.0     100.0     100.0     100.0     100.0     100.0
//	40 % of sentences dropped                        100.0       0.0      41.0      81.0     100.0      72.0     100.0     100.0     100.0
//	sentences shuffled                               100.0      31.0      99.0     100.0     100.0     100.0     100.0     100.0     100.0
//	5 % of characters replaced                       100.0       1.0      70.0      99.0     100.0     100.0     100.0     100.0     100.0
//	10 % of characters replaced                      100.0       0.0      31.0      72.0     100.0       9.0     100.0     100.0     100.0
//	20 % of characters replaced                      100.0       0.0       3.0       0.0     100.0       0.0     100.0     100.0      96.0
//	10 % of words replaced                           100.0       2.0      47.0     100.0     100.0      99.0     100.0     100.0     100.0
//	200 characters in another article                100.0       0.0       0.0       0.0      72.0      20.0      94.0      98.0      35.0
//	100 characters in another article                 99.0       0.0       0.0       0.0      25.0       0.0      55.0      56.0       6.0
//	three articles merged                            100.0       3.0      23.0      47.0      98.0      99.0      99.0     100.0      86.0
//	one of three pages                               100.0       0.0       4.0       0.0     100.0     100.0     100.0     100.0     100.0
//	traditional characters                           100.0      53.0      99.0     100.0     100.0     100.0     100.0     100.0     100.0
//	traditional characters, words of Taiwan          100.0      35.0      95.0     100.0     100.0     100.0     100.0     100.0     100.0
//	full-width forms                                 100.0      58.0      99.0     100.0     100.0     100.0     100.0     100.0     100.0
//	zero-width and variation characters              100.0      49.0     100.0     100.0     100.0     100.0     100.0     100.0     100.0
//	40 % dropped and 10 % replaced                   100.0       0.0       6.0       3.0     100.0       0.0      99.0     100.0     100.0
//	140 characters in another article, 4 % replaced  100.0       0.0       0.0       0.0      29.0       0.0      58.0      88.0       9.0
//	mean                                             100.0      14.4      47.1      60.1      91.3      71.4      95.5      97.2      83.4
//
//	pairs reported per million                         5.1       0.0       5.6       2.6      72.6       2.1      25.6      57.4      34.6
//	without pairs known to share text                  1.5       0.0       4.6       1.3      67.4       0.8      21.3      50.8      30.8
//	pages with a report, %                            0.90      0.00      0.76      0.29      5.23      0.29      2.99      5.37      3.42
//
//	unrelated pages a second                          7003      5486      5486      8509      8509       188       188        44        78
//	copies a second                                   2615      3419      3419      4961      4961       137       137        17        44
//	memory, MB                                        76.8       5.7       5.7      16.2      16.2      88.5      88.5      18.8      30.4
//
// In recall ours leads, alone or beside others, in every row, at a tenth of the false
// reports of what comes near. It does not lead everywhere: the strict settings of
// MinHash and pg_trgm, and simhash within 3 bits, report less wrongly and find little
// of what was changed; MinHash is faster, simhash too on copies; and all but pg_trgm
// are smaller. One page is one per cent here. Speed is by processor time, with the
// texts in memory.
package fingerprints
