// Package orphans has a test whose child outlives it.
package orphans

import (
	"os/exec"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestOrphan(t *testing.T) {
	if err := exec.Command("sleep", "314").Start(); err != nil {
		t.Fatal(err)
	}
}

func TestAfter(t *testing.T) { use.Leave(1) }
