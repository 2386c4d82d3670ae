// Package nocompile does not compile.
package nocompile

import "testing"

func TestNever(t *testing.T) { var n int = "a string" }
