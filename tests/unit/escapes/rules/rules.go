// Package rules has what the rules look for; what they must not find is in fixed.go.
package rules

import "fmt"

type batch struct{ done chan struct{} }

func begin() (*batch, error) { return &batch{done: make(chan struct{})}, nil }

func (b *batch) release() { <-b.done }

func (b *batch) Close() { go b.release() }

func (b *batch) Stop() {
	go func() {
		b.release()
	}()
}

func handsOn() {
	b, _ := begin()
	defer func() { b.Close() }()
}

func handsOnLiteral() {
	b := &batch{}
	defer func() { b.Stop() }()
}

func shares() int {
	n := 0
	go func() { n++ }()
	return n
}

func piles(names []string) {
	for _, name := range names {
		n := name
		defer func() { fmt.Println(n) }()
	}
}

var hooks = map[string]func() int{}

func loopVariable(names []string) {
	for i, name := range names {
		hooks[name] = func() int { return i }
	}
}

type large struct{ b [4096]byte }

func keepsLarge(l large) {
	hooks["large"] = func() int { return int(l.b[0]) }
}

func keepsForLength(raw []byte) {
	hooks["raw"] = func() int { return len(raw) + cap(raw) }
}

type sink interface{ each(func(int)) }

func inner(s sink, rows [][]int) int {
	sum := 0
	for _, row := range rows {
		for _, n := range row {
			s.each(func(k int) { sum += n * k })
		}
	}
	return sum
}
