// Package orphanpipe has a test whose child outlives it and holds its output open.
package orphanpipe

import (
	"os"
	"os/exec"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestOrphan(t *testing.T) {
	cmd := exec.Command("sleep", "315")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func TestAfter(t *testing.T) { use.Leave(1) }
