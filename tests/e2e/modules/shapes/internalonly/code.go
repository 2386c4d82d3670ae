// Package internalonly has tests in the package itself.
package internalonly

import "example.com/shapes/use"

func work() { use.Leave(3); use.Pass(4) }
