package main

import "testing"

func TestAllocate(t *testing.T) { allocate(20) }

func BenchmarkGrow(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink = grow([]byte("x"), 100)
	}
}
