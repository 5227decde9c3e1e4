package desk

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"time"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// words says codes, numbers and instants in one language.
type words struct{ loc locale.Locale }

// funcs are the functions of the templates.
func (w words) funcs() template.FuncMap {
	return template.FuncMap{
		"T":            w.loc.T,
		"state":        func(s rights.CaseState) string { return w.loc.T(s.Label()) },
		"claimState":   func(s rights.ClaimState) string { return w.loc.T(s.Label()) },
		"severity":     func(s string) string { return w.loc.T(severity(s)) },
		"demand":       func(d any) string { return w.loc.T(demand(policies.Demand(fmt.Sprint(d)))) },
		"outcome":      func(o policies.Outcome) string { return w.loc.T(outcome(o)) },
		"owner":        func(o rights.Owner) string { return w.loc.T(owner(o)) },
		"basis":        func(b rights.Basis) string { return w.loc.T(basis(b)) },
		"genre":        func(g rights.Genre) string { return w.loc.T(g.Label()) },
		"topic":        func(t rights.Topic) string { return w.loc.T(t.Label()) },
		"strength":     func(s rights.Strength) string { return w.loc.T(strength(string(s))) },
		"role":         func(r rights.Role) string { return w.loc.T(r.Label()) },
		"operatorRole": func(r rights.OperatorRole) string { return w.loc.T(operatorRole(string(r))) },
		"channel":      func(c rights.Channel) string { return w.loc.T(channel(c)) },
		"wrong":        func(x rights.Wrong) string { return w.loc.T(wrong(x)) },
		"remedy":       func(r rights.Remedy) string { return w.loc.T(remedy(r)) },
		"claimantKind": func(k string) string { return w.loc.T(claimantKind(k)) },
		"proof":        func(k rights.ProofKind) string { return w.loc.T(proof(k)) },
		"sourceKind":   func(k rights.SourceKind) string { return w.loc.T(sourceKind(k)) },
		"change":       func(k string) string { return w.loc.T(changeKind(k)) },
		"step":         func(name string) string { return w.loc.T(step(name)) },
		"action":       func(name string) string { return w.loc.T(action(name)) },
		"eventState":   func(s string) string { return w.loc.T(eventState(s)) },
		"field":        func(name string) string { return w.loc.T(field(name)) },
		"pct":          percent,
		"instant":      instant,
		"age":          w.age,
		"size":         size,
		"seconds":      seconds,
		"failures":     w.failures,
		"sweepMode":    func(m rights.SweepMode) string { return w.loc.T(sweepMode(m)) },
		"host":         host,
		"cut":          cut,
		"inc":          func(n int) int { return n + 1 },
		"owners":       owners,
		"bases":        bases,
		"roles":        operatorRoles,
		"channels":     channels,
		"demands":      func() []policies.Demand { return []policies.Demand{policies.DemandOffer, policies.DemandRemoval} },
		"version":      articleVersion,
		"args":         func(kv ...any) (map[string]any, error) { return dict(kv) },
	}
}

// label is a text of the policy in the language.
func (w words) label(zh, en string) string {
	if w.loc.Lang == "en" && en != "" {
		return en
	}
	return zh
}

func dict(kv []any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		name, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("argument %d is no name", i)
		}
		m[name] = kv[i+1]
	}
	return m, nil
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// instant is a time in China to the minute. It takes a time or a pointer.
func instant(v any) string {
	switch t := v.(type) {
	case time.Time:
		if !t.IsZero() {
			return t.In(rights.China).Format("2006-01-02 15:04")
		}
	case *time.Time:
		if t != nil {
			return instant(*t)
		}
	}
	return "—"
}

// age is how long something has been lying here.
func (w words) age(t time.Time) string {
	switch past := time.Since(t); {
	case past < time.Hour:
		return w.loc.T("不到 1 小时")
	case past < 24*time.Hour:
		return w.loc.T("%d 小时", int(past.Hours()))
	default:
		return w.loc.T("%d 天", int(past.Hours()/24))
	}
}

func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(bytes)/(1<<10))
	default:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
}

// host is the host name of a URL, for people.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.Hostname()
}

// cut shortens a text to so many characters.
func cut(n int, s string) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
