package rules

import (
	"fmt"
	"sync"
)

type fixedBatch struct{ batch }

// Of the same name as the one that hands its receiver on.
func (b *fixedBatch) Close() { b.done = nil }

func (b *fixedBatch) Stop() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		b.release()
	}()
	wg.Wait()
}

func fixedHandsOn() {
	b := &fixedBatch{}
	defer func() { b.Close() }()
	defer func() { b.Stop() }()
}

func fixedShares() int {
	n := 0
	done := make(chan struct{})
	go func() {
		n++
		close(done)
	}()
	<-done
	return n
}

func fixedNotUsedAfter(n int) {
	n++
	go func() { fmt.Println(n); n++ }()
}

func fixedPiles(names []string) {
	for _, name := range names {
		func() {
			n := name
			defer func() { fmt.Println(n) }()
		}()
	}
}

func fixedLoopVariable(names []string) {
	for i, name := range names {
		i := i
		hooks[name] = func() int { return i }
	}
	for i := range names {
		func() { fmt.Println(i) }()
	}
}

func fixedKeepsForLength(raw []byte) {
	size := len(raw)
	hooks["raw"] = func() int { return size }
	hooks["used"] = func() int { return len(raw) + int(raw[0]) }
}

func fixedInner(s sink, rows [][]int) int {
	sum, factor := 0, 1
	f := func(k int) { sum += factor * k }
	for _, row := range rows {
		for _, n := range row {
			factor = n
			s.each(f)
		}
	}
	return sum
}
