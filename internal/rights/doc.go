// Package rights is the vocabulary that every other package speaks: the types,
// the states with their transition tables, the identifiers and the error type.
// It does no I/O.
//
// Offsets are half-open and count Unicode code points. Instants are UTC; a date
// without a time is a string in the form 2006-01-02 and means a day in China
// (UTC+8).
package rights
