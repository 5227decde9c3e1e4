// Package world is a world of sites on this machine, through which the whole
// service goes as it would through the real one.
//
// [Run] registers articles of a fictitious paper, serves hosts that reprint some
// of them, lets every host be swept at once, and compares what was found with
// what there is. A page in twenty misbehaves: see misdeeds. What the requests were
// to the hosts is judged by the servers' own log, not by the word of the fetcher.
package world
