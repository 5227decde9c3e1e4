// Package browser draws pages in Chromium.
//
// The browser has no way to anywhere of its own. [Browser.Draw] gives it one page, as
// it was recorded, and answers every request that the page makes through DevTools:
// the [fetch.Fetcher] gets what is asked for, under the rules of every other request
// (addresses, ports, robots.txt, one request at a time for a host, limits), and the
// exchange is kept. What is not asked for that way (WebSocket, workers, popups, and
// whatever the browser does for itself) comes to its proxy, a socket of this process
// that refuses everything and knows no other answer, so that a hole in the
// interception lets nothing out. Names are not resolved, UDP is not spoken.
//
// robots.txt is obeyed for all that a page asks for, not for the page alone: the one
// who asks is this crawler, and nobody reads along. Only GET is carried out, no cookie
// is sent, and no document but the page itself is given, so that a page leads nowhere.
//
// Each page has a browser of its own, with an empty profile that is kept in memory
// and a folder that is removed. One runs at a time. A page that takes too long, too
// much memory or the browser down is an error that says so ([ErrNotDrawn]).
package browser
