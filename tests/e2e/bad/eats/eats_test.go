// Package eats has a test that eats up to 1 GiB.
package eats

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

var eaten [][]byte

func TestEat(t *testing.T) {
	for i := 0; i < 64; i++ {
		piece := make([]byte, 16<<20)
		for k := 0; k < len(piece); k += 4096 {
			piece[k] = 1
		}
		eaten = append(eaten, piece)
	}
	eaten = nil
}
