// Package selftest is what doctor plants: a leak and an allocation that the
// gate must find, and a test that it must leave alone.
package selftest

import "testing"

var kept []byte

func TestQuiet(t *testing.T) {
	if len(kept) != 0 {
		t.Fatal("another test ran first")
	}
}

func TestLeak(t *testing.T) {
	never := make(chan struct{})
	go func() { <-never }()
}

func TestGrowth(t *testing.T) {
	kept = make([]byte, 1<<20)
}
