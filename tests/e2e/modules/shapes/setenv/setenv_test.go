// Package setenv has tests that change their environment and directory.
package setenv

import (
	"os"
	"testing"

	"example.com/shapes/use"
)

func TestSetenv(t *testing.T) {
	t.Setenv("SHAPES_SETENV", "yes")
	if os.Getenv("SHAPES_SETENV") != "yes" {
		t.Fatal("not set")
	}
	use.Leave(1)
}

func TestUnset(t *testing.T) {
	if v, ok := os.LookupEnv("SHAPES_SETENV"); ok {
		t.Fatalf("still set to %q", v)
	}
}

// TestClearenv must not take away what measuring needs.
func TestClearenv(t *testing.T) {
	for _, kv := range os.Environ() {
		for i := range kv {
			if kv[i] == '=' && i > 0 {
				t.Setenv(kv[:i], "")
				os.Unsetenv(kv[:i])
				break
			}
		}
	}
	use.Leave(2)
}

func TestDirectory(t *testing.T) {
	if _, err := os.Stat("setenv_test.go"); err != nil {
		t.Fatal(err)
	}
	back, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(back)
	use.Pass(2)
}
