package plugged

import (
	"os/exec"
	"path/filepath"
	"plugin"
	"testing"

	"example.com/plugged/lib"
)

// TestOpen builds a plugin and calls it; what it allocates is this test's.
func TestOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "greeter.so")
	build := exec.Command("go", "build", "-buildmode=plugin", "-o", file, "./greeter")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p, err := plugin.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	greet, err := p.Lookup("Greet")
	if err != nil {
		t.Fatal(err)
	}
	before := lib.Keep(8)
	if after := greet.(func() int)(); after != before+1 {
		t.Errorf("the plugin has a lib of its own: %d after %d", after, before)
	}
}
