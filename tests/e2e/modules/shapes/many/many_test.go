// Package many leaves ten thousand goroutines at one place.
package many

import (
	"testing"

	"example.com/shapes/use"
)

func TestMany(t *testing.T) { use.Leave(10000) }

func TestFew(t *testing.T) { use.Leave(1) }
