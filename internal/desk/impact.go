package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// daysShown is how many days of a host are listed.
const daysShown = 14

// impacts are what our requests were to the hosts of pages, host by host, newest
// day first.
func impacts(ctx context.Context, tx *store.Tx, pages []rights.Page) ([]rights.Impact, error) {
	var list []rights.Impact
	for _, h := range hostsOf(pages) {
		days, err := tx.Impacts(ctx, h, daysShown)
		if err != nil {
			return nil, err
		}
		list = append(list, days...)
	}
	return list, nil
}

// hostsOf are the first hosts of pages.
func hostsOf(pages []rights.Page) []string {
	var hosts []string
	for i := range pages {
		if h := host(pages[i].URL); len(hosts) < hostsShown && !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// seconds says a length of time; "—" where there is none.
func seconds(d time.Duration) string {
	if d == 0 {
		return "—"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}
