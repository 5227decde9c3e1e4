// Package scan looks for the register's articles in archives: WARC files, as they
// are or gzipped, WET files, and saved web pages.
//
// [Run] reads the files one after the other, looks at their pages on all cores
// through the screen that a sweep has, some pages at a time so that the texts of the
// register are read for all at once, and writes a line of JSON for each page on
// which something was found, in the order of the files. Beside the output stands a
// state file; a run that was broken off goes on where the last whole stretch ended,
// and what it leaves is what a run without a break would have left.
package scan
