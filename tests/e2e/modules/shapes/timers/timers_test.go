// Package timers starts goroutines from timers, which have no parent goroutine.
package timers

import (
	"context"
	"testing"
	"time"

	"example.com/shapes/use"
)

func TestAfterFunc(t *testing.T) {
	done := make(chan struct{})
	time.AfterFunc(10*time.Millisecond, func() {
		use.Leave(2)
		use.Spend(1 << 20)
		close(done)
	})
	<-done
}

// TestLate has a timer that fires when the test is over.
func TestLate(t *testing.T) {
	time.AfterFunc(100*time.Millisecond, func() { use.Leave(1) })
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { use.Leave(3) })
	defer stop()
	<-ctx.Done()
	time.Sleep(20 * time.Millisecond)
}

func TestNothing(t *testing.T) { time.Sleep(150 * time.Millisecond) }
