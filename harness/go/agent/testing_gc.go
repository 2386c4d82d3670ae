// The collector's health over the whole process: the gc line of a record.
//
// Appended to testing/testing.go.

package testing

import (
	"reflect"
)

// gobudgetCollected begins the line: collections so far, their pauses, the worst.
func gobudgetCollected() []byte {
	collections, pauses, worst := gobudgetCollector()
	b := gobudgetInt([]byte("gc"), int64(collections))
	b = gobudgetInt(b, int64(pauses))
	return gobudgetInt(b, int64(worst))
}

// gobudgetHealth ends the line with what can still be reached now that all else is written, the
// agent's own rows left out.
//
//go:norace
func gobudgetHealth(line []byte) []byte {
	own, row := uint64(0), uint64(reflect.TypeOf(gobudgetTest{}).Size()+15)&^15
	for t := gobudgetAgent.last; t != nil; t = t.next {
		own += row
		t.c, t.fn, t.line = nil, nil, nil
	}
	gobudgetForget()
	live := gobudgetCollect()
	if live < own {
		own = live
	}
	return append(gobudgetInt(line, int64(live-own)), '\n')
}
