// Package bubble has tests that run in a bubble with a clock of its own.
package bubble

import (
	"testing"
	"testing/synctest"
	"time"

	"example.com/bubble/use"
)

func TestHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for i := 1; i <= 3; i++ {
			go time.Sleep(time.Duration(i) * time.Hour)
		}
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		if d := time.Since(start); d != 4*time.Hour {
			t.Errorf("%v went by", d)
		}
		use.Spend(1 << 20)
	})
}

func TestCleanup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		t.Cleanup(func() { close(stop) })
		go func() { <-stop }()
		go func() { <-t.Context().Done() }()
	})
}

func TestBeside(t *testing.T) { use.Leave(2) }
