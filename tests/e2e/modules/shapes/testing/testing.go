// Package testing is the user's own of that name.
package testing

import "example.com/shapes/use"

// T is not testing.T.
type T struct{ Name string }

// Run leaves a goroutine.
func (t *T) Run() { use.Leave(1) }
