// Package deadsubtest has a subtest that can no longer move among parallel siblings.
package deadsubtest

import (
	"testing"
	"time"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestGroup(t *testing.T) {
	for _, name := range []string{"a", "b", "stuck", "c", "d"} {
		name := name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			time.Sleep(10 * time.Millisecond)
			use.Leave(1)
			if name == "stuck" {
				<-make(chan int)
			}
		})
	}
}

func TestAfter(t *testing.T) { use.Leave(1) }
