// Package bundle packs all that proves a case into one file, which can be checked
// without us, and checks such files.
//
// [Maker.Make] writes a bundle; [Verify] reads one, on a machine that need not know
// the database.
//
// # Format, version 1
//
// A WACZ 1.1.1 (a ZIP; replay viewers open it) in which nothing is compressed, so
// that no member is larger than the file:
//
//	datapackage.json               every file that follows, with its SHA-256
//	datapackage-digest.json        its SHA-256
//	stamps/datapackage.json.A.tsr  its time stamps, one an authority A; these alone are not listed in it
//	archive/CASE.warc.gz           the exchanges, member by member as they were recorded
//	indexes/index.cdx              where each response lies in it
//	pages/pages.jsonl              the pages that the case is about
//	README.html                    in Chinese and English: what this is, how to check it, the rules it answers
//	SHA256SUMS                     the same digests, for sha256sum -c
//	manifest.json                  see [Manifest]
//	matches/match-N.json           what was found on a page and how it was judged; its SHA-256 is in the record
//	texts/match-N-ours.txt         our text, and -theirs.txt, the page's, as they were compared
//	comparison/match-N.html        both side by side
//	pictures/N.png                 how a page looked, drawn from the recorded exchange; also a record of the archive
//	letters/…                      the letters of the case
//	environment.txt                by which program on which machine each exchange was had
//	evidence/WARC.sha256           the seal of the whole file from which an exchange was taken
//	audit/root.txt                 the signed root over the record of events
//	audit/proof.json               the entries of the case, with their ways to that root
//	stamps/…                       time stamps of the seals and of the root
//
// # How it holds together
//
// A time stamp holds audit/root.txt, the root holds each entry in proof.json, the
// entry "match.found" holds a match by its SHA-256, the match holds each response by
// the SHA-256 of its compressed member, and the texts by themselves. A second time
// stamp, of datapackage.json, holds all that was packed.
package bundle
