// Package evidence keeps what was fetched, so that years later an outsider can
// see that nothing was changed.
//
// [Open] takes the folder, [Store.Put] writes an exchange and gives a [Ref],
// [Read] (or [Store.Get]) reads it again, [Verify] re-reads everything offline.
//
// # Layout, version 1
//
// Below the data folder:
//
//	evidence/lock                              held while a Store is open
//	evidence/manifest.jsonl                    one line a record, chained by hashes
//	evidence/rightsdesk-20261124-00001.warc.gz WARC 1.1, a new file a day (UTC) and at 512 MiB
//	evidence/WARC.sha256                       its seal: hex digest, two spaces, name, LF, as sha256sum writes it
//	evidence/WARC.AUTHORITY.tsr                a time stamp of it: TimeStampResp of RFC 3161, DER
//	evidence/rightsdesk-20261124-00001-MACHINE.warc.gz the same, where several machines share a database
//	evidence/WARC.discarded                    who had WARC removed, when and why; seal, stamps and manifest lines stay
//	evidence/*.torn                            tails that a crash left, moved aside by Open
//
// A WARC file holds one gzip member a record, warcinfo first. One Put appends
// for each redirect, then for the last hop, a response record, the request record
// concurrent to it, and a metadata record with the environment of both: software,
// hostname, clock (to what it is held, by the kernel), dns, connected, tls, tls-certificate (base64 of DER, leaf first). A Ref
// points at the last response. Blocks are the bytes of the connection (for https above TLS). WARC-Truncated is length, time,
// disconnect or unspecified. Digests are "sha256:" and 64 hex digits in lower case:
//
//   - WARC-Block-Digest: over the block as it stands;
//   - WARC-Payload-Digest (responses): over the entity body as RFC 9110 means it,
//     so without the chunking and with the content encoding. Tools that digest
//     the chunked bytes will differ on chunked records; the block digest is the
//     proof;
//   - Rightsdesk-Body-Digest, with Rightsdesk-Body-Length: over the body without
//     content encoding, as it was judged, and its length.
//
// # Pages that a browser drew
//
// Where a browser drew the page, the records of the last hop are followed by those of
// all that the page asked for, each with Rightsdesk-Drawn-For, the ID of the response;
// then by three resource records concurrent to it, with Rightsdesk-Browser: urn:page:
// and the URL (the HTML as it was drawn, by which the page was judged), urn:fullPage:
// (the picture, PNG) and urn:text: (what could be seen). WARC-Truncated on them says
// that something the page asked for did not come whole. For a page that was judged as
// it was received, the last two may stand anywhere behind it.
//
// # Manifest
//
// UTF-8, LF, each line a JSON object with exactly these members in this order:
// v (1), n (1, 2, …), prev (the hash of the line before, 64 zeros in the first), file, offset,
// length and sha256 of the compressed member, record_id, type, url, time
// (RFC 3339, UTC), hash: SHA-256 of the line as it would be without ,"hash":"…".
// A line counts only in the exact bytes that the writer would give it.
//
// The members named for one file lie end to end from its first byte to its last,
// so every byte of every WARC is under a sha256 of the manifest, every byte
// of the manifest is under a hash of its own line, and a line cannot be taken out, put in or moved without
// breaking the chain. What the files alone cannot show is the loss of the newest
// records from both together, or a rewriting of everything: for that [Summary].Head,
// the last hash, or any later Ref, is to be kept elsewhere.
//
// # Seals
//
// [Store.Seal] ends the file being written and writes its seal; a sealed file takes
// no more records. Anybody can check a seal with sha256sum -c, and a time stamp
// with openssl ts -verify -data WARC -in WARC.AUTHORITY.tsr -CAfile ROOTS.
//
// # Crashes
//
// The members of a Put reach the disk (fsync) before their manifest lines are
// written, and these before Put returns. So after a crash the tail of the WARC
// that no line names, and a last line without its end, belong to a Put that never
// returned; [Open] moves them to *.torn files. If anything that a line names is
// missing or a line is damaged, Open refuses.
package evidence
