//go:build extra

package store

func Extra() *int { x := 1; return &x } // heap
