//go:build go1.24

package finalizer

import (
	"runtime"
	"testing"
)

func cleanup(t *testing.T) {
	runtime.AddCleanup(new([64]int), func(int) { t.Log("after the test") }, 0)
}
