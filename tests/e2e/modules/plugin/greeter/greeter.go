// A plugin.
package main

import "example.com/plugged/lib"

// Greet keeps a mebibyte.
func Greet() int { return lib.Keep(1 << 20) }

func main() {}
