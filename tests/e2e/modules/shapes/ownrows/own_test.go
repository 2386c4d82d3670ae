// Package ownrows starts and allocates what belongs to no test: in init, in a
// package variable, in TestMain.
package ownrows

import (
	"os"
	"testing"

	"example.com/shapes/use"
)

var early = func() []byte { return make([]byte, 1<<20) }()

func init() { use.Leave(2); use.Pass(1) }

func TestMain(m *testing.M) {
	use.Leave(1)
	use.Spend(2 << 20)
	code := m.Run()
	use.Spend(1 << 20) // the record is closed: nobody's
	os.Exit(code)
}

func TestOne(t *testing.T) {
	if len(early) == 0 {
		t.Fatal("nothing early")
	}
	use.Leave(1)
}

func TestNone(t *testing.T) {}
