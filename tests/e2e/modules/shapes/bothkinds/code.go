// Package bothkinds has tests in the package and beside it.
package bothkinds

import "example.com/shapes/use"

// Work leaves a goroutine.
func Work() { use.Leave(1) }

func inner() { use.Leave(5); use.Pass(2) }
