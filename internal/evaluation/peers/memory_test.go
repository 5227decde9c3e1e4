package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// held is what the test's peer keeps: far more than the process may gain or lose
// beside it.
const held = 64 << 20

// TestMemory measures a peer that keeps what it is known to keep, here and in
// another process. What two articles take is less than the kernel counts by.
func TestMemory(t *testing.T) {
	if os.Getenv("RIGHTSDESK_HOLD") != "" {
		hold(os.Stdin, os.Stdout)
		return
	}
	for name, open := range map[string]func(context.Context, *set) (*opened, error){
		"here": keeps, "in another process": keepsElsewhere,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := measure(t.Context(), peer{name: name, open: open}, &set{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Bytes < held*9/10 || got.Bytes > held*3/2 {
				t.Errorf("%d bytes are measured of %d", got.Bytes, held)
			}
		})
	}
}

// keeps is a peer that holds memory for as long as it is open.
func keeps(context.Context, *set) (*opened, error) {
	kept := touched()
	return &opened{close: func() error {
		if kept[0] != 1 {
			return fmt.Errorf("the memory holds %d", kept[0])
		}
		return nil
	}}, nil
}

// keepsElsewhere is a peer whose memory another process holds.
func keepsElsewhere(ctx context.Context, _ *set) (*opened, error) {
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestMemory$")
	c.Env = append(os.Environ(), "RIGHTSDESK_HOLD=1")
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return nil, err
	}
	return &opened{processes: []int{c.Process.Pid}, close: func() error {
		if err := in.Close(); err != nil {
			return err
		}
		return c.Wait()
	}}, nil
}

// hold holds memory, says so, and ends with its input.
func hold(in io.Reader, out io.Writer) {
	kept := touched()
	fmt.Fprintln(out, "held", kept[0])
	_, _ = io.Copy(io.Discard, in)
	kept[0]++
}

// touched is memory that is resident.
func touched() []byte {
	b := make([]byte, held)
	for i := range b {
		b[i] = 1
	}
	return b
}
