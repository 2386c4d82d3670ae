// Package names has subtests with names that are hard to write down.
package names

import (
	"strings"
	"testing"

	"example.com/shapes/use"
)

func TestNames(t *testing.T) {
	for i, name := range []string{
		"two words", "a/b", "", "same", "same", "tab\tnewline\n", "\x1b[31mred", "größe",
		`quote"back\slash`, "<&>", "|pipe|", strings.Repeat("long", 100), "\u202eright to left", "\xff",
	} {
		leave := i % 3
		t.Run(name, func(t *testing.T) { use.Leave(leave) })
	}
}

func Test_underscore(t *testing.T) { use.Leave(1) }
func TestÜber(t *testing.T)        { use.Leave(2) }
func Test(t *testing.T)            { use.Leave(3) }
