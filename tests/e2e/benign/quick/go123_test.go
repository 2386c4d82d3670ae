//go:build go1.23

package quick

import (
	"iter"
	"slices"
	"testing"
	"unique"
)

func TestIterPull(t *testing.T) {
	next, stop := iter.Pull(slices.Values([]int{1, 2, 3}))
	next()
	stop()
}

func TestUnique(t *testing.T) {
	unique.Make("a string")
}
