package store

import "testing"

var kept *int

func TestStore(t *testing.T) {
	x := 1
	kept = &x
	New().Add("a", 1)
}
