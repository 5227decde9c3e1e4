package rights_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
)

// move is a row of a transition table, as in testdata.
type move struct {
	from, name, to string
	by, asks       []string
}

func caseMoves() []move {
	var rows []move
	for _, m := range rights.CaseMoves() {
		r := move{string(m.From), m.Name, string(m.To), roles(m.Roles), nil}
		if m.Reason {
			r.asks = append(r.asks, "reason")
		}
		for _, g := range m.Guards {
			r.asks = append(r.asks, string(g))
		}
		rows = append(rows, r)
	}
	return rows
}

func claimMoves() []move {
	var rows []move
	for _, m := range rights.ClaimMoves() {
		r := move{string(m.From), m.Name, string(m.To), roles(m.Roles), nil}
		if m.Reason {
			r.asks = append(r.asks, "reason")
		}
		for _, g := range m.Guards {
			r.asks = append(r.asks, string(g))
		}
		rows = append(rows, r)
	}
	return rows
}

func roles(list []rights.Role) []string {
	if len(list) == 0 {
		return []string{"claimant"}
	}
	var names []string
	for _, r := range list {
		names = append(names, string(r))
	}
	return names
}

// TestMoves holds the tables to what testdata/cases.txt and claims.txt say.
func TestMoves(t *testing.T) {
	for file, rows := range map[string][]move{"cases.txt": caseMoves(), "claims.txt": claimMoves()} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, r := range rows {
			fields := append([]string{r.from, r.name, r.to, strings.Join(r.by, ",")}, r.asks...)
			got = append(got, strings.Join(fields, " "))
		}
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
				want = append(want, strings.Join(fields, " "))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s says\n%s\nand the table\n%s", file, strings.Join(want, "\n"), strings.Join(got, "\n"))
		}
	}
}

// TestStates walks from the first state: every state is reached and has a name,
// and a name of a move leads to one place.
func TestStates(t *testing.T) {
	var cases, claims []string
	for _, s := range rights.CaseStates() {
		cases = append(cases, string(s))
		if s.Label() == string(s) {
			t.Errorf("case state %s has no name for people", s)
		}
	}
	for _, s := range rights.ClaimStates() {
		claims = append(claims, string(s))
		if s.Label() == string(s) {
			t.Errorf("claim state %s has no name for people", s)
		}
		out := slices.ContainsFunc(rights.ClaimMoves(), func(m rights.ClaimMove) bool { return m.From == s })
		if s.Final() == out {
			t.Errorf("claim state %s: final %v, and a move leads out %v", s, s.Final(), out)
		}
	}
	for _, table := range []struct {
		states []string
		moves  []move
	}{{cases, caseMoves()}, {claims, claimMoves()}} {
		reached, seen := []string{table.states[0]}, map[string]bool{}
		for i := 0; i < len(reached); i++ {
			for _, m := range table.moves {
				if m.from == reached[i] && !slices.Contains(reached, m.to) {
					reached = append(reached, m.to)
				}
			}
		}
		for _, m := range table.moves {
			if seen[m.from+" "+m.name] {
				t.Errorf("%s out of %s stands twice", m.name, m.from)
			}
			seen[m.from+" "+m.name] = true
		}
		slices.Sort(reached)
		want := slices.Sorted(slices.Values(table.states))
		if !slices.Equal(reached, want) {
			t.Errorf("reached %v, want %v", reached, want)
		}
	}
}

// TestFindMove tries every move out of every state by everybody, with and
// without a reason.
func TestFindMove(t *testing.T) {
	everybody := []rights.Role{"", rights.RoleReviewer, rights.RoleCounsel, "admin"}
	for _, table := range []struct {
		name   string
		states []string
		moves  []move
		find   func(from, name string, role rights.Role, reason string) (string, error)
	}{
		{"case", states(rights.CaseStates()), caseMoves(), func(from, name string, role rights.Role, reason string) (string, error) {
			m, err := rights.FindCaseMove(rights.CaseState(from), name, role, reason)
			return string(m.To), err
		}},
		{"claim", states(rights.ClaimStates()), claimMoves(), func(from, name string, role rights.Role, reason string) (string, error) {
			m, err := rights.FindClaimMove(rights.ClaimState(from), name, role, reason)
			return string(m.To), err
		}},
	} {
		for _, from := range append(table.states, "nowhere") {
			for _, other := range table.moves {
				for _, role := range everybody {
					for _, reason := range []string{"", "　 ", "与授权不符"} {
						to, err := table.find(from, other.name, role, reason)
						wantTo, wantKind := expected(table.moves, attempt{from, other.name, role, reason})
						if to != wantTo || (err == nil) != (wantTo != "") || err != nil && rights.KindOf(err) != wantKind {
							t.Errorf("%s %s out of %s by %q with reason %q: to %q, error %v; want %q, kind %d", other.name, table.name, from, role, reason, to, err, wantTo, wantKind)
						}
					}
				}
			}
		}
	}
}

func states[S ~string](list []S) []string {
	var names []string
	for _, s := range list {
		names = append(names, string(s))
	}
	return names
}

type attempt struct {
	from, name string
	role       rights.Role
	reason     string
}

func expected(moves []move, a attempt) (to string, kind rights.Kind) {
	who := string(a.role)
	if who == "" {
		who = "claimant"
	}
	for _, m := range moves {
		switch {
		case m.from != a.from || m.name != a.name:
		case !slices.Contains(m.by, who):
			return "", rights.Forbidden
		case slices.Contains(m.asks, "reason") && strings.TrimSpace(a.reason) == "":
			return "", rights.Invalid
		default:
			return m.to, 0
		}
	}
	return "", rights.Conflict
}

func ExampleFindCaseMove() {
	_, err := rights.FindCaseMove(rights.CaseConfirmed, "approve", rights.RoleReviewer, "")
	fmt.Println(err)
	_, err = rights.FindCaseMove(rights.CaseSent, "hold", rights.RoleCounsel, "待核实")
	fmt.Println(err)
	_, err = rights.FindClaimMove(rights.ClaimSubmitted, "withdraw", rights.RoleCounsel, "")
	fmt.Println(err)
	// Output:
	// 这一步只能由法务办理
	// 案件当前为“已发函”，不能进行这一步
	// 这一步只能由权利人本人办理
}
