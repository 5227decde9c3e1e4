// Package audit makes the record of events provable to an outsider.
//
// Every action of a person and every step of the machine is an entry of the
// record ([rights.Event]), written in the transaction that does the thing, under a
// hash that follows the hash of the entry before it. [Key.Sign], every hour, signs
// the Merkle root over all entries so far; the notary has it stamped. [Prove] shows
// that single entries are under a root, without the rest of the record; [Verify]
// re-reads the whole.
//
// # Format, version 1
//
// A leaf is the JSON of an entry, byte for byte as it is stored. Leaves and nodes
// are hashed by RFC 6962: SHA-256 of 00 and the leaf, of 01 and two nodes. A root is
// a signed note, as the checkpoints of transparency logs are (C2SP tlog-checkpoint):
//
//	rightsdesk
//	1234                                           entries under it
//	3V2GcJTBrQ9d0v1W9SgJhVbDQq1oWcBvJ0Mf1bBvGzA=   base64 of the root
//	2026-01-08T03:00:00Z                           when it was signed
//
//	— rightsdesk AbCd…                             Ed25519
//
// Each data folder has its key, audit.key; the public half is an entry of the
// record (subject "audit", action "audit.key").
//
// # What this shows
//
// Whoever changes, removes or moves an entry breaks the chain at that entry. Who
// also computes anew the hashes that follow departs from the next root. Who has the
// key too, and signs the roots anew, cannot have them stamped for a time that is
// past. What nobody can see from the record alone is the loss of all that came after
// the newest root that an outsider holds.
package audit
