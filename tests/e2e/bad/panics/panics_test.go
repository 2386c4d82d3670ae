// Package panics has a test that panics.
package panics

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestPanic(t *testing.T) {
	use.Leave(1)
	var m map[string]int
	m["nobody made it"] = 1
}

func TestAfter(t *testing.T) { use.Leave(1) }
