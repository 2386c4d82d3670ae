package after

import (
	"os"
	"runtime"
	"testing"
	"time"
)

var done = make(chan bool, 1)

// A package that looks after its tests whether all went: its own collection finds it.
func TestMain(m *testing.M) {
	code := m.Run()
	runtime.GC()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		code = 1
	}
	os.Exit(code)
}

func TestOpens(t *testing.T) {
	runtime.SetFinalizer(new([64]int), func(*[64]int) { done <- true })
}
