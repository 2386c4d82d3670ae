// Package store puts known values on the heap: a line that ends in "heap" has one, "heap 2" two.
package store

import "fmt"

type item struct{ next *item }

type Store struct {
	items map[string]func() int
	last  *item
}

var shared *int

func New() *Store {
	return &Store{items: map[string]func() int{}} // heap 2
}

func (s *Store) Add(name string, n int) {
	s.items[name] = func() int { return n } // heap
	s.last = &item{}                        // heap
}

func (s *Store) Start(n int) {
	x := n      // heap
	go func() { // heap
		x++
	}()
}

func Share(n int) { // what follows moves the variable, not the parameter
	y := n // heap
	shared = &y
}

func Box(n int) any {
	return n // heap
}

func Print(n int) {
	fmt.Println(n, "a constant", 12) // heap
}

// Nothing here is on the heap.
func Local(names []string) int {
	total := 0
	add := func(n int) { total += n }
	for _, name := range names {
		add(len(name))
	}
	buf := make([]byte, 64)
	return total + len(buf) + len(constant())
}

func constant() string { return "constant" }

// A closure that captures nothing is not allocated.
func (s *Store) Zero() {
	s.items["zero"] = func() int { return 0 }
}

func generic[T any](v T) *T { return &v } // heap

func Two() (*int, *string) { return generic(1), generic("x") }
