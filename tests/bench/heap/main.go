// Command heap writes a large heap profile: N allocations, each with a stack of its own through
// functions that functions.sh wrote.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
)

func main() {
	runtime.MemProfileRate = 1
	n, err := strconv.Atoi(os.Args[1])
	for i := 0; err == nil && i < n; i++ {
		f0(24+i%7, uint64(i)*0x9E3779B97F4A7C15+1)
	}
	var f *os.File
	if err == nil {
		f, err = os.Create(os.Args[2])
	}
	if err == nil {
		err = pprof.Lookup("allocs").WriteTo(f, 0)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
