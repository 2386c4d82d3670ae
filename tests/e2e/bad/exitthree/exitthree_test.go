// Package exitthree has a test that ends its process.
package exitthree

import (
	"os"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestExit(t *testing.T) { os.Exit(3) }

func TestAfter(t *testing.T) { use.Leave(1) }
