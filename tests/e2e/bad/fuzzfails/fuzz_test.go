// Package fuzzfails has a seed that fails.
package fuzzfails

import (
	"testing"

	"example.com/bad/use"
)

func FuzzSmall(f *testing.F) {
	f.Add(1)
	f.Add(100)
	f.Fuzz(func(t *testing.T, n int) {
		use.Leave(1)
		if n > 10 {
			t.Errorf("%d is not small", n)
		}
	})
}
