// Package subtests has subtests in loops and below each other.
package subtests

import (
	"fmt"
	"testing"

	"example.com/shapes/use"
)

func TestLoop(t *testing.T) {
	for i := 0; i < 10; i++ {
		i := i
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			use.Leave(i)
			use.Pass(1)
		})
	}
}

func TestDeep(t *testing.T) {
	use.Leave(1)
	t.Run("a", func(t *testing.T) {
		use.Leave(1)
		t.Run("b", func(t *testing.T) {
			use.Leave(1)
			t.Run("c", func(t *testing.T) {
				use.Leave(1)
				use.Spend(512 << 10)
			})
		})
		t.Run("skipped", func(t *testing.T) {
			use.Leave(1)
			t.Skip("not today")
		})
	})
}
