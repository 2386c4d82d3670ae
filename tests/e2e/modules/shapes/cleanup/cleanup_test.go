// Package cleanup ends its goroutines in cleanups, or starts them there.
package cleanup

import (
	"testing"
	"time"

	"example.com/shapes/use"
)

// TestEnds has three goroutines that a cleanup ends.
func TestEnds(t *testing.T) {
	stop := make(chan struct{})
	for i := 0; i < 3; i++ {
		go func() { <-stop }()
	}
	t.Cleanup(func() { close(stop) })
}

// TestDrains has goroutines that need a moment after the cleanup.
func TestDrains(t *testing.T) {
	stop := make(chan struct{})
	for i := 0; i < 3; i++ {
		go func() {
			<-stop
			time.Sleep(300 * time.Millisecond)
		}()
	}
	t.Cleanup(func() { close(stop) })
}

// TestStarts has a cleanup that leaves two.
func TestStarts(t *testing.T) {
	t.Cleanup(func() { use.Leave(2); use.Spend(1 << 20) })
}

// TestParent ends in its cleanup what its subtest started.
func TestParent(t *testing.T) {
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	t.Run("child", func(t *testing.T) {
		for i := 0; i < 4; i++ {
			go func() { <-stop }()
		}
	})
}
