// Package licensing says whether a licence covers a use.
package licensing

import (
	"strings"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
)

// Covers returns the licence under which a host may use the paper's articles
// at an instant; a licence runs from the start of its first day in China to the
// end of its last.
func Covers(licences []config.Licence, host string, at time.Time) (config.Licence, bool) {
	day := at.In(rights.China).Format(time.DateOnly)
	for _, l := range licences {
		if Within(l.Hosts, host) && l.From <= day && (l.To == "" || day <= l.To) {
			return l, true
		}
	}
	return config.Licence{}, false
}

// Within reports whether a host is one of the hosts or below one of them.
func Within(hosts []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, h := range hosts {
		h = strings.ToLower(h)
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}
