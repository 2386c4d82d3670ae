// Package cleanuppanics has a test whose cleanup panics.
package cleanuppanics

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestCleanup(t *testing.T) {
	t.Cleanup(func() { panic("nothing to clean") })
	use.Leave(1)
}
