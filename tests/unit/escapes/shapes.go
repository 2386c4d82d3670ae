// Package shapes has one of every way onto the heap.
package shapes

import (
	"fmt"
	"time"
)

type thing struct {
	p  *int
	fn func() int
}

var (
	global  *int
	globals = map[string]func(){}
	table   map[string]*thing
	slice   []*int
	iface   any
)

func result() *int {
	x := 1
	return &x
}

func store() {
	y := 2
	global = &y
}

func mapStore(m map[int]func()) {
	for i := 0; i < 3; i++ {
		m[i] = func() { fmt.Println(i) }
	}
}

func started(n int) {
	x := n
	go func() {
		x++
	}()
	go work(&x)
}

func work(p *int) { *p++ }

func deferred(n int) {
	x := n
	defer func() { fmt.Println(x) }()
	for i := 0; i < n; i++ {
		defer func() { x += i }()
	}
}

func boxed(n int) any {
	return n
}

func printed(n int, s string) {
	fmt.Println(n, s, "constant", 1.5)
	iface = s
}

func appended(n int) {
	slice = append(slice, &n)
}

func sent(ch chan *int) {
	v := 1
	ch <- &v
}

func keep(p *int) { global = p }

func passed() {
	z := 3
	keep(&z)
}

func field(t *thing) {
	q := 4
	t.p = &q
	t.fn = func() int { return q }
}

func made(n int) *thing {
	_ = make([]byte, 1<<20)
	table["a"] = &thing{p: new(int)}
	return &thing{}
}

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func nested(n int) func() func() int {
	return func() func() int {
		k := n
		return func() int { k++; return k + n }
	}
}

type server struct{}

func (s *server) serve(n int) {
	go s.loop(n)
	time.AfterFunc(time.Second, func() { s.loop(n) })
}

func (s *server) loop(n int) { fmt.Println(n) }

func (s *server) method() func(int) { return s.loop }

func generic[T any](v T) *T { return &v }

var _, _ = generic(1), generic("x")

var atInit = func() *int { x := 9; return &x }

func named(a, b int) (r *int) {
	r = &a
	if b > 0 {
		r = &b
	}
	return
}

func outlives(n int) int {
	var last *int
	for i := 0; i < n; i++ {
		j := i
		last = &j
	}
	return *last
}

func stays() int {
	x := 1
	f := func() int { x++; return x }
	return f()
}
