// Package quick holds shapes of tests that leave nothing behind, though it may look so when they
// end: none may be reported, in any run.
package quick

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestCleanupCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go func() { <-ctx.Done() }()
}

func TestCleanupWaits(t *testing.T) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	t.Cleanup(func() {
		close(stop)
		wg.Wait()
	})
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-stop
		}()
	}
}

func TestCleanupOfTheParent(t *testing.T) {
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	for _, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			go func() { <-stop }()
		})
	}
}

func TestDeferredClose(t *testing.T) {
	jobs := make(chan int)
	defer close(jobs)
	go func() {
		for range jobs {
		}
	}()
	jobs <- 1
}

func TestContextTimeout(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	_ = cancel
	go func() { <-ctx.Done() }()
}

// A context of one's own makes package context start a goroutine that waits for both.
type ownContext struct{ context.Context }

func (c ownContext) Done() <-chan struct{} { return c.Context.Done() }
func (c ownContext) Value(any) any         { return nil }

func TestContextOfOnesOwn(t *testing.T) {
	parent, cancel := context.WithCancel(context.Background())
	child, stop := context.WithCancel(ownContext{parent})
	t.Cleanup(stop)
	t.Cleanup(cancel)
	go func() { <-child.Done() }()
}

func TestContextAfterFunc(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() { time.Sleep(5 * time.Millisecond) })
	cancel()
}

func TestPendingTimers(t *testing.T) {
	time.AfterFunc(time.Hour, func() {})
	time.NewTimer(time.Hour)
	_ = time.After(time.Hour)
	time.NewTicker(time.Hour)
}

func TestTimerFiresLate(t *testing.T) {
	time.AfterFunc(50*time.Millisecond, func() { time.Sleep(20 * time.Millisecond) })
}

func TestTickerStopped(t *testing.T) {
	ticker := time.NewTicker(time.Millisecond)
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-stop:
				return
			}
		}
	}()
}

// Looks every few milliseconds whether it has been closed.
func TestPolls(t *testing.T) {
	var closed atomic.Bool
	go func() {
		for !closed.Load() {
			time.Sleep(10 * time.Millisecond)
		}
	}()
	closed.Store(true)
}

func TestComputesOn(t *testing.T) {
	go func() {
		for end := time.Now().Add(10 * time.Millisecond); time.Now().Before(end); {
		}
	}()
}

// An errgroup: the first error cancels the rest.
func TestErrgroup(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	limit := make(chan struct{}, 2)
	do := func(f func(context.Context) error) {
		limit <- struct{}{}
		wg.Add(1)
		go func() {
			defer func() { <-limit; wg.Done() }()
			if err := f(ctx); err != nil {
				once.Do(func() { first = err; cancel() })
			}
		}()
	}
	do(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	do(func(context.Context) error { return errors.New("first") })
	do(func(ctx context.Context) error { <-ctx.Done(); return nil })
	wg.Wait()
	cancel()
	if first == nil {
		t.Fatal("no error")
	}
}

// Does not wait for those that it cancels.
func TestErrgroupNotWaitedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	for i := 0; i < 4; i++ {
		go func() {
			<-ctx.Done()
			time.Sleep(2 * time.Millisecond)
		}()
	}
	cancel()
}

type pool struct {
	work chan func()
	wg   sync.WaitGroup
}

func newPool(n int) *pool {
	p := &pool{work: make(chan func())}
	for i := 0; i < n; i++ {
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			for f := range p.work {
				f()
			}
		}()
	}
	return p
}

func (p *pool) Close() { close(p.work); p.wg.Wait() }

func TestPoolWithClose(t *testing.T) {
	p := newPool(4)
	t.Cleanup(p.Close)
	for i := 0; i < 16; i++ {
		p.work <- func() { runtime.Gosched() }
	}
}

// singleflight.DoChan: the result goes into a buffer, whether or not somebody reads it.
func TestSingleflight(t *testing.T) {
	type call struct{ chans []chan int }
	var mu sync.Mutex
	calls := make(map[string]*call)
	do := func(key string, f func() int) <-chan int {
		ch := make(chan int, 1)
		mu.Lock()
		defer mu.Unlock()
		if c := calls[key]; c != nil {
			c.chans = append(c.chans, ch)
			return ch
		}
		c := &call{chans: []chan int{ch}}
		calls[key] = c
		go func() {
			v := f()
			mu.Lock()
			defer mu.Unlock()
			delete(calls, key)
			for _, ch := range c.chans {
				ch <- v
			}
		}()
		return ch
	}
	for i := 0; i < 10; i++ {
		do("key", func() int { time.Sleep(10 * time.Millisecond); return 1 })
	}
}

func TestPipe(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		_, err := w.Write(make([]byte, 1<<16))
		w.CloseWithError(err)
	}()
	if _, err := io.CopyN(io.Discard, r, 100); err != nil {
		t.Fatal(err)
	}
	r.Close()
}

func TestOSPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	go func() {
		defer r.Close()
		_, _ = io.Copy(io.Discard, r)
	}()
}

func TestCond(t *testing.T) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	done := false
	for i := 0; i < 4; i++ {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for !done {
				cond.Wait()
			}
		}()
	}
	t.Cleanup(func() {
		mu.Lock()
		done = true
		mu.Unlock()
		cond.Broadcast()
	})
}

func TestLockedUntilCleanup(t *testing.T) {
	var mu sync.RWMutex
	mu.Lock()
	t.Cleanup(mu.Unlock)
	go func() {
		mu.RLock()
		defer mu.RUnlock()
	}()
}

func TestGoexit(t *testing.T) {
	go func() {
		defer func() { _ = recover() }()
		panic("recovered")
	}()
	go func() {
		runtime.LockOSThread()
		runtime.Goexit()
	}()
}

type resource struct{ stop chan struct{} }

// Ended by whoever collects the garbage.
func TestFinalizer(t *testing.T) {
	func() {
		r := &resource{stop: make(chan struct{})}
		stop := r.stop
		go func() { <-stop }()
		runtime.SetFinalizer(r, func(r *resource) { close(r.stop) })
	}()
	for i := 0; i < 3; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

func TestHandsOver(t *testing.T) {
	results := make(chan int, 3)
	for i := 0; i < 3; i++ {
		go func() { results <- 1 }()
	}
	<-results
}

func TestChainEndsOneByOne(t *testing.T) {
	in := make(chan int)
	out := in
	for i := 0; i < 20; i++ {
		from, to := out, make(chan int)
		go func() {
			defer close(to)
			for v := range from {
				to <- v + 1
			}
		}()
		out = to
	}
	go func() {
		for range out {
		}
	}()
	in <- 1
	close(in)
}
