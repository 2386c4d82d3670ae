// Package exampledoc has an example that prints something else.
package exampledoc

import (
	"fmt"

	"example.com/bad/use"
)

func Example_right() {
	use.Leave(1)
	fmt.Println("right")
	// Output: right
}

func Example_wrong() {
	fmt.Println("wrong")
	// Output: right
}
