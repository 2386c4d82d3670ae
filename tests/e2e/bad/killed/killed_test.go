// Package killed has a test that kills its process.
package killed

import (
	"os"
	"syscall"
	"testing"
	"time"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestKill(t *testing.T) {
	use.Leave(1)
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Minute)
}

func TestAfter(t *testing.T) { use.Leave(1) }
