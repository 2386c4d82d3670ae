package scheduler

import (
	"sync/atomic"
	"testing"
)

func TestPool(t *testing.T) {
	var done atomic.Int64
	p := NewPool(8)
	for i := 0; i < 100; i++ {
		p.Submit(func() { done.Add(1) })
	}
	p.Shutdown()
	if done.Load() != 100 {
		t.Fatalf("%d jobs done, want 100", done.Load())
	}
}

func TestFixedPool(t *testing.T) {
	var done atomic.Int64
	p := NewFixedPool(8)
	for i := 0; i < 100; i++ {
		p.Submit(func() { done.Add(1) })
	}
	p.Shutdown()
	if done.Load() != 100 {
		t.Fatalf("%d jobs done, want 100", done.Load())
	}
}
