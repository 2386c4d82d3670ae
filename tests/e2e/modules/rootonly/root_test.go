// Package rootonly is the only package of a module with a major version.
package rootonly

import "testing"

var forever = make(chan struct{})

func TestRoot(t *testing.T) {
	for i := 0; i < 3; i++ {
		go func() { <-forever }()
	}
}
