// Command prof does a little of everything that shows in profiles, and writes every profile the
// runtime has into a folder: NAME.pb.gz.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

func main() {
	dir := os.Args[1]
	runtime.MemProfileRate = 1
	if len(os.Args) > 2 {
		runtime.MemProfileRate = 64 << 10
	}
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)

	write(dir, "heap1")
	cpu(filepath.Join(dir, "cpu.pb.gz"))
	allocate(40)
	contend()
	block()
	stop := park()
	leak()
	runtime.GC()
	time.Sleep(20 * time.Millisecond)

	for _, p := range pprof.Profiles() {
		write(dir, p.Name())
	}
	close(stop)
	runtime.KeepAlive(kept)
}

func write(dir, name string) {
	file := filepath.Join(dir, name+".pb.gz")
	if name == "heap1" {
		name = "heap"
	}
	f, err := os.Create(file)
	if err == nil {
		err = pprof.Lookup(name).WriteTo(f, 0)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Allocations: inlined, recursive, mutually recursive, generic, in closures, of methods.

var kept [][]byte

func allocate(n int) {
	for i := 0; i < n; i++ {
		kept = append(kept, small(i), deep(i%30, i))
		even(i % 17)
		kept = append(kept, grow([]byte("x"), i), grow([]byte("y"), 2*i))
		add := func(size int) { kept = append(kept, make([]byte, size)) }
		add(1000 + i)
		t := &tree[int]{}
		for k := 0; k < 20; k++ {
			t.insert((k * 7) % 20)
		}
		box{kept: kept}.fill(i)
		sink = fmt.Sprintf("%d %s", i, strings.Repeat("ab", i))
	}
}

var sink any

func small(n int) []byte   { return smaller(n) } // inlined into allocate
func smaller(n int) []byte { return make([]byte, 64+n) }

//go:noinline
func deep(depth, n int) []byte {
	if depth == 0 {
		return make([]byte, 128)
	}
	if depth%5 == 0 {
		sink = make([]byte, 16*depth)
	}
	return deep(depth-1, n)
}

//go:noinline
func even(n int) {
	if n > 0 {
		sink = new([4]int64)
		odd(n - 1)
	}
}

//go:noinline
func odd(n int) {
	if n > 0 {
		sink = new([8]int64)
		even(n - 1)
	}
}

func grow[T any](s []T, n int) []T {
	for i := 0; i < n; i++ {
		s = append(s, s[0])
	}
	return s
}

type tree[T interface{ ~int | ~string }] struct {
	left, right *tree[T]
	value       T
}

func (t *tree[T]) insert(v T) {
	next := &t.left
	if v > t.value {
		next = &t.right
	}
	if *next == nil {
		*next = &tree[T]{value: v}
		return
	}
	(*next).insert(v)
}

type box struct{ kept [][]byte }

func (b box) fill(n int) {
	words := strings.Fields(strings.Repeat("to be or not ", n+1))
	sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	sink = words
}

// CPU time under labels, some of them nested.
func cpu(file string) {
	f, err := os.Create(file)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var wg sync.WaitGroup
	for _, name := range []string{"spin", "hash"} {
		wg.Add(1)
		go pprof.Do(context.Background(), pprof.Labels("job", name), func(ctx context.Context) {
			defer wg.Done()
			pprof.Do(ctx, pprof.Labels("step", "two", "odd \"label\"", "a\tb"), func(context.Context) {
				spin(120 * time.Millisecond)
			})
			spin(60 * time.Millisecond)
		})
	}
	wg.Wait()
	pprof.StopCPUProfile()
	f.Close()
}

var spun uint64

func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		spun += fold(int(spun % 20))
	}
}

func fold(n int) uint64 {
	var h uint64 = 14695981039346656037
	for i := 0; i < 2000; i++ {
		h = mix(h, uint64(n+i))
	}
	if n > 0 {
		return h ^ fold(n-1)
	}
	return h
}

func mix(h, v uint64) uint64 { return (h ^ v) * 1099511628211 }

// Waiting.

func contend() {
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < 5; k++ {
				mu.Lock()
				time.Sleep(100 * time.Microsecond)
				mu.Unlock()
				rw.RLock()
				rw.RUnlock()
				rw.Lock()
				time.Sleep(50 * time.Microsecond)
				rw.Unlock()
			}
		}()
	}
	wg.Wait()
}

func block() {
	c := make(chan int)
	go func() {
		for i := 0; i < 10; i++ {
			time.Sleep(200 * time.Microsecond)
			c <- i
		}
		close(c)
	}()
	for range c {
	}
	select {
	case <-time.After(time.Millisecond):
	case <-c:
	}
}

func park() chan struct{} {
	stop := make(chan struct{})
	for i := 0; i < 5; i++ {
		go func(i int) {
			pprof.Do(context.Background(), pprof.Labels("worker", fmt.Sprint(i%2)), func(context.Context) {
				wait(i, stop)
			})
		}(i)
	}
	return stop
}

//go:noinline
func wait(depth int, stop chan struct{}) {
	if depth > 0 {
		wait(depth-1, stop)
		return
	}
	<-stop
}

func leak() {
	for i := 0; i < 3; i++ {
		c := make(chan int)
		go func() { c <- 1 }()
	}
}
