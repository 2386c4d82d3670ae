// Package goexits has a test that ends itself by runtime.Goexit.
package goexits

import (
	"runtime"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestGoexit(t *testing.T) {
	use.Leave(1)
	runtime.Goexit()
}

func TestAfter(t *testing.T) { use.Leave(1) }
