// Package initstuck can no longer move before the tests begin.
package initstuck

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func init() { <-make(chan int) }
