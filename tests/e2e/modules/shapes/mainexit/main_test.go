// Package mainexit has a TestMain that calls os.Exit and parses flags.
package mainexit

import (
	"flag"
	"os"
	"testing"

	"example.com/shapes/use"
)

var prepared bool

func TestMain(m *testing.M) {
	flag.Parse()
	prepared = true
	code := m.Run()
	prepared = false
	os.Exit(code)
}

func TestPrepared(t *testing.T) {
	if !prepared {
		t.Fatal("TestMain did not run")
	}
	use.Leave(2)
	use.Pass(3)
}
