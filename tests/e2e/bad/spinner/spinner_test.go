// Package spinner has a test that never stops running.
package spinner

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestSpin(t *testing.T) {
	for i := 0; ; i++ {
		if i < 0 {
			i = 0
		}
	}
}
