// Package deadlocks has a test that can no longer move, and healthy ones behind it.
package deadlocks

import (
	"sync"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestStuck(t *testing.T) {
	var mu sync.Mutex
	replies := make(chan int)
	for i := 0; i < 3; i++ {
		go func() {
			mu.Lock()
			replies <- 1
		}()
	}
	<-replies
	<-replies
}

func TestAfter(t *testing.T) { use.Leave(1); use.Pass(4) }

func TestLast(t *testing.T) {
	t.Run("sub", func(t *testing.T) { use.Leave(3) })
}
