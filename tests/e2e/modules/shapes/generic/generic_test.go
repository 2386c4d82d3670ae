// Package generic leaves goroutines in generic code and in iterators' bodies.
package generic

import (
	"testing"

	"example.com/shapes/use"
)

type list[T any] []T

func (l list[T]) each(f func(T)) {
	for _, v := range l {
		f(v)
	}
}

func sum[T int | float64](l list[T]) (total T) {
	l.each(func(v T) { total += v; use.Leave(1) })
	return total
}

func TestInt(t *testing.T) {
	if sum(list[int]{1, 2, 3}) != 6 {
		t.Error("not 6")
	}
}

func TestFloat(t *testing.T) {
	if sum(list[float64]{0.5, 0.5}) != 1 {
		t.Error("not 1")
	}
}
