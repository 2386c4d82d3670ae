// Package failing has a test that fails between two that pass.
package failing

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestFail(t *testing.T) {
	use.Leave(1)
	t.Fatal("two plus two is five")
}

func TestAfter(t *testing.T) { use.Leave(1) }
