// Package tags has tests for -tags=integration, -short and -run.
package tags

import (
	"flag"
	"testing"

	"example.com/tags/use"
)

var leave = flag.Int("leave", 0, "goroutines to leave")

func TestAlways(t *testing.T) { use.Leave(1) }

func TestLong(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	use.Leave(2)
}

func TestFlag(t *testing.T) { use.Leave(*leave) }
