// Package examples has examples with output, without, and of a type.
package examples

import (
	"fmt"

	"example.com/shapes/use"
)

type Kettle struct{}

func (Kettle) Boil() {}

func Example() {
	use.Leave(1)
	fmt.Println("whole package")
	// Output: whole package
}

func ExampleKettle_Boil() {
	use.Leave(2)
	use.Pass(1)
	use.Spend(1 << 20)
	fmt.Println("b")
	fmt.Println("a")
	// Unordered output:
	// a
	// b
}

// ExampleKettle has no output and is compiled only.
func ExampleKettle() {
	use.Leave(100)
}
