package testenv_test

import (
	"testing"

	"rightsdesk/internal/testenv"
)

func TestProgram(t *testing.T) {
	if path := testenv.Program(t, "no-such-program", "go"); path == "" {
		t.Error("go was not found")
	}
}

// ended is what became of a test that asked for something.
type ended struct {
	testing.TB
	how string
}

func (e *ended) Helper()      {}
func (e *ended) Fatal(...any) { e.how = "failed" }
func (e *ended) Skip(...any) {
	if e.how == "" {
		e.how = "skipped"
	}
}

func TestLacking(t *testing.T) {
	t.Setenv("RIGHTSDESK_TEST_POSTGRES", "")
	for value, want := range map[string]string{"": "skipped", "1": "failed"} {
		t.Setenv("RIGHTSDESK_REQUIRE_ALL", value)
		for _, ask := range []func(testing.TB){
			func(tb testing.TB) { tb.Helper(); testenv.Program(tb, "no-such-program") },
			func(tb testing.TB) { tb.Helper(); testenv.Postgres(tb) },
		} {
			e := &ended{TB: t}
			ask(e)
			if e.how != want {
				t.Errorf("RIGHTSDESK_REQUIRE_ALL=%q: %s, want %s", value, e.how, want)
			}
		}
	}
}
