package finalizer

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(-1)
	code := m.Run()
	time.Sleep(20 * time.Millisecond) // a finalizer that could start would
	os.Exit(code)
}

// Nothing collects here, so that nobody has ever seen it panic.
func TestLogs(t *testing.T) {
	runtime.SetFinalizer(new([64]int), func(*[64]int) { t.Log("after the test") })
	cleanup(t)
}
