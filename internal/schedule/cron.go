package schedule

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"rightsdesk/internal/rights"
)

// chinaCron reads cron expressions in the time of China. gocron's own reader
// looks the zone up by name, which fails where no zone files are installed.
type chinaCron struct{ schedule cron.Schedule }

var errNever = errors.New("no time fits it")

// IsValid is part of gocron's interface; it keeps the expression for Next.
func (c *chinaCron) IsValid(expr string, _ *time.Location, now time.Time) error {
	s, err := cron.ParseStandard(expr)
	if err != nil {
		return err
	}
	c.schedule = s
	if c.Next(now).IsZero() {
		return errNever
	}
	return nil
}

// Next is part of gocron's interface.
func (c *chinaCron) Next(last time.Time) time.Time { return c.schedule.Next(last.In(rights.China)) }

// CheckCron says what is wrong with a cron expression of five fields.
func CheckCron(expr string) error {
	if n := len(strings.Fields(expr)); n != 5 {
		return rights.Errorf(rights.Invalid, "定时表达式应有五个字段（分 时 日 月 周），现有 %d 个：%q", n, expr)
	}
	if err := new(chinaCron).IsValid(expr, rights.China, time.Now()); err != nil {
		return rights.Errorf(rights.Invalid, "定时表达式有误：%q", expr).Because(err)
	}
	return nil
}
