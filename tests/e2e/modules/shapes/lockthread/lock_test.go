// Package lockthread locks goroutines to threads and ends them with Goexit.
package lockthread

import (
	"runtime"
	"sync"
	"testing"

	"example.com/shapes/use"
)

func TestLocked(t *testing.T) {
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			runtime.LockOSThread()
		}()
	}
	wg.Wait()
	use.Leave(1)
}

func TestGoexit(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.Goexit()
	}()
	<-done
	use.Leave(1)
}

func TestPanicRecovered(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { recover() }()
		panic("recovered")
	}()
	<-done
}
