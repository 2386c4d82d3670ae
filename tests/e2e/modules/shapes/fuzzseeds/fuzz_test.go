// Package fuzzseeds has a fuzz target with seeds in code and in testdata.
package fuzzseeds

import (
	"testing"

	"example.com/shapes/use"
)

func FuzzLeave(f *testing.F) {
	f.Add(1)
	f.Add(2)
	f.Fuzz(func(t *testing.T, n int) {
		use.Leave(n)
	})
}

func TestBeside(t *testing.T) { use.Leave(1) }
