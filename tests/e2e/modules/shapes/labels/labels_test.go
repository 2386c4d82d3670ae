// Package labels sets pprof labels of its own, which must not hide anything.
package labels

import (
	"context"
	"runtime/pprof"
	"testing"

	"example.com/shapes/use"
)

func TestDo(t *testing.T) {
	pprof.Do(context.Background(), pprof.Labels("tenant", "a"), func(context.Context) {
		use.Leave(2)
		use.Spend(1 << 20)
	})
}

func TestReplaced(t *testing.T) {
	pprof.SetGoroutineLabels(context.Background())
	use.Leave(3)
}

func TestInGoroutine(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("a", "b")))
		use.Leave(1)
	}()
	<-done
}
