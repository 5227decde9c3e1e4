// Package fingerprints finds text that was copied from registered articles.
//
// It works on folded text: see [Fold]. It does no I/O, keeps no global state
// and never asks what time it is.
package fingerprints
