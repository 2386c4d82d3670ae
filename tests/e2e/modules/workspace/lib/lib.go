// Package lib is used by the other module of its workspace.
package lib

import "example.com/lib/use"

// Work leaves two goroutines.
func Work() int {
	use.Leave(2)
	return 2
}
