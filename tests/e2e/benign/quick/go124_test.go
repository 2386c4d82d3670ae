//go:build go1.24

package quick

import (
	"runtime"
	"testing"
)

func TestContextOfTheTest(t *testing.T) {
	go func() { <-t.Context().Done() }()
	t.Run("sub", func(t *testing.T) {
		go func() { <-t.Context().Done() }()
	})
}

func TestRuntimeCleanup(t *testing.T) {
	p := new([100]int)
	stop := make(chan struct{})
	go func() { <-stop }()
	runtime.AddCleanup(p, func(c chan struct{}) { close(c) }, stop)
	p = nil
	for i := 0; i < 3; i++ {
		runtime.GC()
		runtime.Gosched()
	}
}
