// Package subtests has 1,000 parallel subtests: number i leaves i mod 3
// goroutines behind and allocates i KiB in one piece.
package subtests

import (
	"fmt"
	"testing"
)

var (
	forever = make(chan struct{})
	sink    [1000][]byte
)

func wait() { <-forever }

// consume does what number i must do, the same way for every i.
func consume(i int) {
	for n := 0; n < i%3; n++ {
		go wait()
	}
	if i > 0 {
		sink[i] = make([]byte, i<<10)
		sink[i] = nil
	}
}

func TestExact(t *testing.T) {
	for i := 0; i < 1000; i++ {
		i := i
		t.Run(fmt.Sprintf("%03d", i), func(t *testing.T) {
			t.Parallel()
			consume(i)
		})
	}
}
