package main

import (
	"errors"
	"io/fs"
	"strings"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

// say is an error as the command line speaks: what the service says in Chinese
// is said in English, with the fields that are at fault.
func say(err error) string {
	var known *rights.Error
	if !errors.As(err, &known) || known.Kind == rights.Internal {
		return err.Error()
	}
	english := locale.Locale{Lang: "en"}
	text := english.Error(known)
	for _, f := range english.Fields(known) {
		text = strings.TrimSuffix(text, ".") + "; " + f.Name + ": " + f.Detail
	}
	return strings.Replace(err.Error(), known.Error(), text, 1)
}

// cause is the error of the operating system without the file's name, which the
// caller gives.
func cause(err error) error {
	if known, ok := errors.AsType[*fs.PathError](err); ok {
		return known.Err
	}
	return err
}
