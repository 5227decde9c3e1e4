// Package fetch gets pages politely and safely, and keeps what went over the
// wire.
//
// [Fetcher.Get] does, for the first URL and for every redirect:
//
//  1. the URL is checked (http or https, no user name in it);
//  2. robots.txt of that scheme, host and port is asked (RFC 9309, cached for a
//     day);
//  3. it waits for its turn: one request at a time for one host name, which
//     between two of them rests for the longest of [Options].Delay, its Crawl-delay
//     and five times its last answer. An answer 403, 429 or 5xx, and none, double
//     the rest, good answers take that back; Retry-After is kept. A wait longer than
//     [Options].MaxWait is [ErrPostponed];
//  4. it connects. Addresses are checked after DNS and before the connection is
//     made, so a name that resolves to a private address goes nowhere;
//  5. one HTTP/1.1 request with "Connection: close" is written and the answer
//     read, both recorded byte for byte. For https the record is taken above TLS;
//  6. status, header and body are parsed from the record, so that the judged
//     page is the recorded one.
//
// The robots.txt that allowed it stays with the exchange, and what the site says
// of text and data mining. [Fetcher.Impacts] says what all this was to the hosts.
//
// The request is written and the answer parsed with net/http's own functions but
// without its Transport: one connection carries one exchange, no proxy is taken
// from the environment, nothing is retried unseen, and the record belongs to one
// exchange without doubt.
//
// [Canonical] gives a URL the form in which two looks at one page are equal.
// [Links] reads list pages, feeds and sitemaps.
package fetch
