// Package prints has a test that prints 20 MB.
package prints

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestPrint(t *testing.T) {
	line := strings.Repeat("all work and no play ", 50)
	for n := 0; n < 10<<20; n += len(line) + 1 {
		fmt.Println(line)
		fmt.Fprintln(os.Stderr, line)
	}
}

func TestAfter(t *testing.T) { use.Leave(1) }
