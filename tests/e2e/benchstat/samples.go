// Command samples writes two files of made-up benchmarks: whatever times, sizes, spreads, ties and
// numbers of samples there can be, always the same.
package main

import (
	"bufio"
	"fmt"
	"math"
	"math/rand"
	"os"
	"strconv"
)

type side struct {
	*bufio.Writer
	n     int
	shift float64
}

// As package testing prints them: four digits.
func time(ns float64) string {
	digits := 0
	for limit := 999.95; digits < 7 && ns < limit; limit /= 10 {
		digits++
	}
	return strconv.FormatFloat(ns, 'f', digits, 64)
}

func main() {
	r := rand.New(rand.NewSource(20261122))
	var sides [2]side
	for i, name := range os.Args[1:3] {
		f, err := os.Create(name)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		sides[i].Writer = bufio.NewWriter(f)
		defer sides[i].Flush()
		fmt.Fprint(&sides[i], "goos: linux\ngoarch: amd64\npkg: example.com/made/up\n")
	}
	for b := 0; b < 400; b++ {
		// From tenths of a picosecond to minutes.
		middle := math.Pow(10, r.Float64()*12-1.5)
		noise := []float64{0, 0.001, 0.02, 0.3}[r.Intn(4)]
		bytes := int64(math.Pow(10, r.Float64()*11-1))
		sides[0].n = []int{1, 3, 5, 6, 10, 10, 10, 20, 30, 31, 50, 51}[r.Intn(12)]
		sides[1].n = sides[0].n
		// Of unlike sizes benchstat's p can be above 1 where values are equal: of times only.
		unlike := r.Intn(4) == 0 && noise >= 0.02
		if unlike {
			sides[1].n = 4 + r.Intn(20)
		}
		sides[0].shift, sides[1].shift = 1, []float64{1, 1.01, 1.2, 0.5}[r.Intn(4)]
		for _, s := range sides {
			for i := 0; i < s.n; i++ {
				ns := middle * s.shift * math.Exp(noise*r.NormFloat64())
				if unlike {
					fmt.Fprintf(s, "BenchmarkUnlike/%d-8\t1000\t%.9f ns/op\n", b, ns+r.Float64()*1e-6)
					continue
				}
				fmt.Fprintf(s, "BenchmarkMade/up=%d-8\t1000\t%12s ns/op\t%d B/op\t%d allocs/op\n",
					b, time(ns), int64(float64(bytes)*s.shift)+int64(r.Intn(3)), bytes/100+int64(r.Intn(2)))
			}
		}
	}
}
