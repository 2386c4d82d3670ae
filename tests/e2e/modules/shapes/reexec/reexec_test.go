// Package reexec has tests that start their own binary again.
package reexec

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.com/shapes/use"
)

// TestChild does different things in the parent and in the child.
func TestChild(t *testing.T) {
	if os.Getenv("SHAPES_CHILD") == "1" {
		use.Leave(50)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v")
	cmd.Env = append(os.Environ(), "SHAPES_CHILD=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestChild") {
		t.Fatalf("%v\n%s", err, out)
	}
	use.Leave(2)
}

func TestBeside(t *testing.T) { use.Leave(1) }
