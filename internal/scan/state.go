package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// state is how far a run is: the records of a file that are done, and how long
// the output is with what was found in them.
type state struct {
	File    string `json:"file"`
	Records int    `json:"records"`
	Done    bool   `json:"done"` // with the whole file
	Output  int64  `json:"output"`
	Counts  Counts `json:"counts"`
}

func statePath(out string) string { return out + ".state" }

// load reads the state beside an output; without one the run begins.
func load(out string) (state, error) {
	var s state
	b, err := os.ReadFile(statePath(out))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", statePath(out), err)
	}
	return s, nil
}

// save puts the state beside the output, which has reached the disk.
func (s state) save(out string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	part := statePath(out) + ".part"
	if err := os.WriteFile(part, b, 0o600); err != nil {
		return err
	}
	return os.Rename(part, statePath(out))
}

// Forget makes the next run on an output begin anew.
func Forget(out string) error {
	err := os.Remove(statePath(out))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
