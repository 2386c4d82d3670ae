// Package externalonly has tests in a package beside it.
package externalonly

import "example.com/shapes/use"

// Work leaves two goroutines.
func Work() { use.Leave(2); use.Pass(1) }
