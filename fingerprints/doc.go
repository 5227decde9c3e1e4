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
//     it gets worse (as BLAST does; Altschul and others 1990).
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
//     [Index.AddKnown]; the ledger learns from the first 65,536;
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
package fingerprints
