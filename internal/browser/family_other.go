//go:build !linux

package browser

import (
	"context"
	"os/exec"
)

// family is the processes of one browser; here they are left to the system, which
// ends them when their first one does.
type family struct{ cmd *exec.Cmd }

func (f *family) adopt(cmd *exec.Cmd) { f.cmd = cmd }

func (f *family) kill() {
	if f.cmd != nil && f.cmd.Process != nil {
		_ = f.cmd.Process.Kill() // an error says that it is gone
	}
}

// watch watches nothing: scripts are held to their own limit only.
func (f *family) watch(context.Context, int64, func()) {}
