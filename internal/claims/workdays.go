package claims

import (
	"time"

	"rightsdesk/internal/rights"
)

const (
	decisionDays = 5  // working days from a complete claim to its decision
	cureDays     = 10 // working days to hand in what is missing
)

// workdays returns the day, 2006-01-02 in China, that lies n working days after
// an instant. The day of the instant does not count (Civil Code art. 201), nor do
// Saturdays and Sundays. Public holidays and the weekends worked in their place
// are not known here and count as any other day.
func workdays(from time.Time, n int) string {
	day := from.In(rights.China)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if d := day.Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return day.Format(time.DateOnly)
}
