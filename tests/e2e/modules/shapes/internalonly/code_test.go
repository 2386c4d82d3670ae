package internalonly

import (
	"testing"

	"example.com/shapes/use"
)

func TestWork(t *testing.T)  { work() }
func TestSpend(t *testing.T) { use.Spend(1 << 20) }
func TestNothing(t *testing.T) {
}
