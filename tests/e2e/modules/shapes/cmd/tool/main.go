// Tool is a command with tests.
package main

import "example.com/shapes/use"

func main() { run() }

func run() { use.Leave(1); use.Pass(1) }
