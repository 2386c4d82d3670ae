// Package gopanics has a test whose goroutine panics.
package gopanics

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestSpawn(t *testing.T) {
	go func() {
		panic("nobody recovers this")
	}()
	select {}
}
