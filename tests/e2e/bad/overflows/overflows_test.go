// Package overflows has a test that calls itself for ever.
package overflows

import (
	"runtime/debug"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func deeper(n int) int { return deeper(n+1) + 1 }

func TestDeep(t *testing.T) {
	debug.SetMaxStack(1 << 20)
	t.Log(deeper(0))
}
