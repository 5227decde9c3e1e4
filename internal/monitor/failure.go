package monitor

import (
	"context"
	"errors"
	"strconv"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

// failed counts a page that could not be read, or not to its end.
func (s *sweep) failed(why rights.Failure) {
	s.count(func(row *rights.Sweep) {
		row.Faults++
		if row.Failures == nil {
			row.Failures = map[rights.Failure]int{}
		}
		row.Failures[why]++
		if why == rights.FailedRobots {
			row.Forbidden++
		}
	})
}

func failedStatus(status int) rights.Failure {
	return rights.Failure("http_" + strconv.Itoa(status))
}

// failure is the reason of an error of the fetcher, or of a listing.
func failure(err error) rights.Failure {
	switch {
	case errors.Is(err, browser.ErrNotDrawn):
		return rights.FailedBrowser
	case errors.Is(err, fetch.ErrRobots) && rights.KindOf(err) == rights.Forbidden:
		return rights.FailedRobots
	case errors.Is(err, fetch.ErrRobots):
		return rights.FailedNoRobots
	case errors.Is(err, fetch.ErrBlocked):
		return rights.FailedAddress
	case errors.Is(err, fetch.ErrPostponed):
		return rights.FailedPostponed
	case errors.Is(err, fetch.ErrRedirects):
		return rights.FailedRedirects
	case rights.KindOf(err) == rights.TooLarge:
		return rights.FailedSize
	case rights.KindOf(err) == rights.Invalid:
		return rights.FailedContent
	case errors.Is(err, context.DeadlineExceeded):
		return rights.FailedTime
	}
	return rights.FailedUnreachable
}
