// Package parallel has tests that run side by side and must not be charged for
// each other.
package parallel

import (
	"fmt"
	"testing"
	"time"

	"example.com/shapes/use"
)

// slowly leaves and starts goroutines while the others do the same.
func slowly(t *testing.T, leave, pass int) {
	t.Parallel()
	for i := 0; i < 10; i++ {
		time.Sleep(time.Millisecond)
		use.Pass(pass)
	}
	use.Leave(leave)
}

func TestA(t *testing.T) { slowly(t, 1, 1) }
func TestB(t *testing.T) { slowly(t, 2, 2) }
func TestC(t *testing.T) { slowly(t, 3, 3) }
func TestD(t *testing.T) { slowly(t, 4, 4) }

func TestGroup(t *testing.T) {
	for i := 0; i < 20; i++ {
		i := i
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			use.Pass(i)
			use.Leave(i % 4)
		})
	}
}

func TestAfterwards(t *testing.T) { use.Leave(1) }
