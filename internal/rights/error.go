package rights

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an [Error] is. The web edge maps it to a
// status; nothing else looks at it.
type Kind int

// The kinds. Internal is the zero value: what nobody classified is our fault.
const (
	Internal     Kind = iota
	Invalid           // what was given is wrong; Fields may say where
	Unauthorised      // nobody is logged in
	Forbidden         // the person may not do this
	NotFound
	Conflict    // the state does not allow it
	TooLarge    // over a limit on size
	Unavailable // something outside did not answer
	TooMany     // asked too often; Detail says how long to wait
)

// Field names one faulty field and what is wrong with it.
type Field struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

// Error is the one error type that crosses package borders. Detail is safe to
// show to anybody; Err is for the log only.
type Error struct {
	Kind   Kind
	Detail string
	Fields []Field
	Err    error
	// Format and Args made Detail, where [Errorf] did: with them the text can be
	// said in another language.
	Format string
	Args   []any
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Detail)
	for i, f := range e.Fields {
		if i > 0 || e.Detail != "" {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %s", f.Name, f.Detail)
	}
	if e.Err != nil && !strings.Contains(e.Detail, e.Err.Error()) {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an [Error] from a format whose text is safe to show. A %w operand
// stays reachable through errors.Is; its text is part of Detail.
func Errorf(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Detail: err.Error(), Err: errors.Unwrap(err), Format: format, Args: args}
}

// Because keeps the cause for the log, and returns the error.
func (e *Error) Because(cause error) *Error {
	e.Err = cause
	return e
}

// KindOf returns the kind of the first [Error] in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
