// Package store holds all SQL. One text of every statement serves SQLite and
// PostgreSQL; what differs lies in one dialect value.
//
// All access goes through [DB.View] and [DB.Update]; every statement is a method
// of [Tx]. Time stands still inside a transaction: see [Tx.Now].
//
// Rows carry the columns that are searched, and the whole record as JSON beside
// them. Times are microseconds since 1970 in UTC. Jobs are River's tables in the
// same database, enqueued by methods of Tx beside the state that asks for them.
package store
