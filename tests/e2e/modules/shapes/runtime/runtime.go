// Package runtime is the user's own of that name.
package runtime

import "example.com/shapes/use"

// GC leaves a goroutine.
func GC() { use.Leave(1) }
