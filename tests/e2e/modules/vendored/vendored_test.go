// Package vendored uses a module that is vendored.
package vendored

import (
	"testing"

	"example.org/tiny"
)

func TestTiny(t *testing.T)  { tiny.Leave(2); tiny.Pass(2) }
func TestSpend(t *testing.T) { tiny.Spend(1 << 20) }
