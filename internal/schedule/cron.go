package schedule

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"rightsdesk/internal/rights"
)

// zoneCron reads cron expressions in a time zone.
type zoneCron struct {
	zone     *time.Location
	schedule cron.Schedule
}

var errNever = errors.New("no time fits it")

// IsValid is part of gocron's interface; it keeps the expression for Next.
func (c *zoneCron) IsValid(expr string, _ *time.Location, now time.Time) error {
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
func (c *zoneCron) Next(last time.Time) time.Time { return c.schedule.Next(last.In(c.zone)) }

// Zone is the time zone of an IANA name; empty means China, which needs no zone
// files.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return rights.China, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, rights.Errorf(rights.Invalid, "没有这个时区：%q", name).Because(err)
	}
	return zone, nil
}

// CheckZone says whether there is a time zone of this name.
func CheckZone(name string) error {
	_, err := Zone(name)
	return err
}

// Next is when a source is swept next by its cron; zero where that is never.
func Next(s *rights.Source, now time.Time) time.Time {
	zone, err := Zone(s.Zone)
	c := &zoneCron{zone: zone}
	if s.Cron == "" || s.Paused || err != nil || c.IsValid(s.Cron, zone, now) != nil {
		return time.Time{}
	}
	return c.Next(now)
}

// CheckCron says what is wrong with a cron expression of five fields.
func CheckCron(expr string) error {
	if n := len(strings.Fields(expr)); n != 5 {
		return rights.Errorf(rights.Invalid, "定时表达式应有五个字段（分 时 日 月 周），现有 %d 个：%q", n, expr)
	}
	if err := (&zoneCron{zone: rights.China}).IsValid(expr, rights.China, time.Now()); err != nil {
		return rights.Errorf(rights.Invalid, "定时表达式有误：%q", expr).Because(err)
	}
	return nil
}
