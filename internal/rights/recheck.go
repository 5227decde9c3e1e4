package rights

import "time"

// Recheck is a look that a case with a notice out is to have.
type Recheck struct {
	Step string    `json:"step"` // RecheckDay1, …
	Due  time.Time `json:"due"`
}

// The steps of the clock of a notice.
const (
	RecheckDay1  = "T+1"
	RecheckDay7  = "T+7"
	RecheckDay30 = "T+30"
	RecheckEnd   = "end" // of the time to answer
)

// Rechecks are the looks that a sent case is to have: one, seven and thirty days
// after the sending, and when the time to answer is over.
func (c *Case) Rechecks() []Recheck {
	if c.Sent == nil {
		return nil
	}
	list := []Recheck{
		{RecheckDay1, c.Sent.At.AddDate(0, 0, 1)}, {RecheckDay7, c.Sent.At.AddDate(0, 0, 7)}, {RecheckDay30, c.Sent.At.AddDate(0, 0, 30)},
	}
	if last, err := time.ParseInLocation(time.DateOnly, c.AnswerBy, China); err == nil {
		list = append(list, Recheck{RecheckEnd, last.AddDate(0, 0, 1).UTC()})
	}
	return list
}

// Outcome is what a recheck found.
type Outcome string

// The outcomes.
const (
	OutcomeGone    Outcome = "gone"    // the page, or its text of ours
	OutcomeChanged Outcome = "changed" // the text is there, on a page that is not as it was
	OutcomeStill   Outcome = "still"
	OutcomeUnknown Outcome = "unknown" // the page could not be had, or not to its end
)
