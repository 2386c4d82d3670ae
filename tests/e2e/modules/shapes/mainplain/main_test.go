// Package mainplain has a TestMain that returns.
package mainplain

import (
	"testing"

	"example.com/shapes/use"
)

var prepared bool

func TestMain(m *testing.M) {
	prepared = true
	m.Run()
}

func TestPrepared(t *testing.T) {
	if !prepared {
		t.Fatal("TestMain did not run")
	}
	use.Leave(2)
}
