// Command tool is a program: compiling it must not leave one behind.
package main

import "example.com/escapes/store"

func main() { store.New() }
