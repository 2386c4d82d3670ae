// Package subfails has a parallel subtest that fails among others that pass.
package subfails

import (
	"fmt"
	"testing"

	"example.com/bad/use"
)

func TestGroup(t *testing.T) {
	for i := 0; i < 5; i++ {
		i := i
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			use.Leave(i)
			if i == 3 {
				t.Error("three")
			}
		})
	}
}
