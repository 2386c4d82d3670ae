// When nothing can move any more: which tests hang, and the end of the process.
//
// Appended to testing/testing.go.

package testing

import (
	"os"
	"runtime"
)

// gobudgetForeign says that something which is no goroutine may still wake one:
// a thread that C code started, or a child process.
func gobudgetForeign() bool {
	cgo, ours := gobudgetThreads()
	if runtime.GOOS != "linux" {
		return cgo
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil || cgo && len(tasks) > ours {
		return true
	}
	for _, t := range tasks {
		children, err := os.ReadFile("/proc/self/task/" + t.Name() + "/children")
		if err == nil && len(children) > 0 {
			return true
		}
	}
	return false
}

// gobudgetHang is called when the whole process stands still: names the tests
// that can no longer move, writes down all there is, and ends the process.
//
//go:norace
func gobudgetHang() bool {
	if gobudgetForeign() {
		return false
	}
	gs, pcs := gobudgetAll()
	hung := make(map[uintptr]bool)
	var ids []int
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if t.ended || t.open > 0 {
			continue
		}
		for i := range gs {
			g := &gs[i]
			if g.id == t.goid && !gobudgetParked(gobudgetNames(pcs[g.first:g.first+g.n])) {
				hung[t.block] = true
				t.hung = true
				ids = append(ids, t.id)
			}
		}
	}
	if len(ids) == 0 {
		return false
	}
	// What earlier tests left is told here for the last time.
	proven := gobudgetProven()
	for i := range gs {
		gs[i].leaked = proven[gs[i].id]
	}
	gobudgetFinals(gobudgetGrouped(gs, pcs, hung))
	for _, id := range ids {
		gobudgetWrite(gobudgetAgent.fd, append(gobudgetInt([]byte("hang"), int64(id)), '\n'))
	}
	os.Exit(86)
	return true
}

// gobudgetNames is a stack as function names, each followed by a tab.
func gobudgetNames(pcs []uintptr) string {
	var b []byte
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		b = append(append(b, f.Function...), '\t')
		if !more {
			return string(b)
		}
	}
}
