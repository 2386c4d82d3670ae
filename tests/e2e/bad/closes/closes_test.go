// Package closes has a test that closes the standard output.
package closes

import (
	"os"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestClose(t *testing.T) {
	if err := os.Stdout.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAfter(t *testing.T) { use.Leave(1) }
