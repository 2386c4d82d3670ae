// Package odd has an import path that the linker escapes.
package odd

import (
	"testing"

	"example.com/shapes/use"
)

func TestOdd(t *testing.T) {
	use.Leave(1)
	done := make(chan struct{})
	go func() { close(done) }()
	<-done
}
