// What is left behind, grouped by where it was created and where it waits.
//
// Appended to testing/testing.go.

package testing

import (
	"runtime"
	"strings"
	"time"
)

// gobudgetGroup is a set of goroutines with the same owner, creator, state and stack.
type gobudgetGroup struct {
	block   uintptr
	gopc    uintptr
	startpc uintptr
	kind    string
	state   string
	pcs     []uintptr
	creator []uintptr // its ancestors' stacks, where those are known
	count   int64
	still   int64 // of count: stood there already when settling began
}

// gobudgetBefore is where goroutines stood when settling began, by id.
var gobudgetBefore map[uint64]uint64

// gobudgetStand tells goroutines that waited where they wait now from those that moved.
func gobudgetStand() map[uint64]uint64 {
	gs, pcs := gobudgetAll()
	stand := make(map[uint64]uint64, len(gs))
	for i := range gs {
		if h := gobudgetPlace(&gs[i], pcs); h != 0 && gs[i].counted {
			stand[gs[i].id] = h
		}
	}
	return stand
}

// gobudgetPlace is a hash of a goroutine's state and stack; 0: it has none, since it runs.
func gobudgetPlace(g *gobudgetG, pcs []uintptr) uint64 {
	if g.n == 0 {
		return 0
	}
	h := uint64(14695981039346656037)
	for i := 0; i < len(g.state); i++ {
		h = (h ^ uint64(g.state[i])) * 1099511628211
	}
	for _, pc := range pcs[g.first : g.first+g.n] {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h | 1
}

// gobudgetAll lists the goroutines there are, with their stacks.
func gobudgetAll() ([]gobudgetG, []uintptr) {
	var st gobudgetState
	n := gobudgetScan(nil, nil, 0, &st) + 64
	gs := make([]gobudgetG, n)
	pcs := make([]uintptr, 64*n+64)
	n = gobudgetScan(gs, pcs, 0, &st)
	if n > len(gs) {
		n = len(gs)
	}
	return gs[:n], pcs
}

// gobudgetGroups returns the group lines of everything left behind, and takes
// goroutines out of the counts that are never a test's to blame.
//
//go:norace
func gobudgetGroups() []byte {
	var st gobudgetState
	live := gobudgetLive()
	pkg := gobudgetCounts(0, false).live
	if live+pkg == 0 {
		gobudgetScan(nil, nil, 0, &st) // brings the package's row up to date
		return nil
	}
	var proven map[uint64]bool
	if live > 0 {
		proven = gobudgetProven()
	}
	gs, pcs := gobudgetAll()
	for i := range gs {
		gs[i].leaked = proven[gs[i].id]
	}
	return gobudgetGrouped(gs, pcs, nil)
}

// gobudgetProven finds those that can never run again: by two collections, since one that was
// found can be missed the next time.
func gobudgetProven() map[uint64]bool {
	proven := make(map[uint64]bool)
	for i := 0; i < 2 && gobudgetFindLeaks(); i++ {
		gs, _ := gobudgetAll()
		for i := range gs {
			if gs[i].leaked {
				proven[gs[i].id] = true
			}
		}
	}
	return proven
}

//go:norace
func gobudgetGrouped(gs []gobudgetG, pcs []uintptr, hung map[uintptr]bool) []byte {
	index := make(map[string]*gobudgetGroup)
	var order []*gobudgetGroup
	for i := range gs {
		g := &gs[i]
		if !g.counted && !hung[g.block] {
			continue
		}
		if gobudgetNobodys(g.startpc) {
			gobudgetDisown(g.id)
			continue
		}
		stack := pcs[g.first : g.first+g.n]
		key := make([]byte, 0, 8*(len(stack)+3))
		for _, pc := range append([]uintptr{g.block, g.gopc}, stack...) {
			for s := 0; s < 64; s += 8 {
				key = append(key, byte(uint64(pc)>>s))
			}
		}
		key = append(key, g.state...)
		if g.leaked {
			key = append(key, '!')
		}
		p := index[string(key)]
		if p == nil {
			p = &gobudgetGroup{block: g.block, gopc: g.gopc, startpc: g.startpc, state: g.state, pcs: stack, kind: "left",
				creator: pcs[g.first+g.n : g.first+g.n+g.creator]}
			if hung[g.block] {
				p.kind = "hung"
			} else if g.leaked {
				p.kind = "proven"
			}
			index[string(key)] = p
			order = append(order, p)
		}
		p.count++
		// Of a test that hangs, nothing has moved for seconds.
		if h := gobudgetPlace(g, pcs); h != 0 && (hung != nil || gobudgetBefore[g.id] == h) {
			p.still++
		}
	}
	var out []byte
	for _, p := range order {
		if p.block == 0 {
			out = gobudgetGroupLine(out, 0, p)
			continue
		}
		for t := gobudgetOf(p.block); t != nil; t = t.parent {
			out = gobudgetGroupLine(out, t.id, p)
			if p.kind == "hung" {
				break // the innermost test is the one to look at
			}
		}
	}
	return out
}

//go:norace
func gobudgetOf(block uintptr) *gobudgetTest {
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if t.block == block {
			return t
		}
	}
	return nil
}

// gobudgetNobodys tells the library's own lasting goroutines by their function.
func gobudgetNobodys(startpc uintptr) bool {
	f := runtime.FuncForPC(startpc)
	if f == nil {
		return false
	}
	switch f.Name() {
	case "os/signal.loop", "runtime/pprof.profileWriter", "runtime/trace.Start.func1",
		"runtime.ensureSigM.func1", "testing.runExample.func1":
		return true
	}
	return false
}

func gobudgetGroupLine(b []byte, id int, p *gobudgetGroup) []byte {
	b = gobudgetInt(append(b, "group"...), int64(id))
	b = gobudgetField(b, p.kind)
	b = gobudgetInt(b, p.count)
	b = gobudgetField(b, p.state)
	if f := runtime.FuncForPC(p.gopc); f != nil && f.Name() == "time.goFunc" {
		// A timer's function: its creator is gone, the function itself says where it stands.
		b = gobudgetEntry(b, p.startpc)
	} else {
		b = gobudgetFrames(b, []uintptr{p.gopc}, 1, false)
	}
	b = gobudgetFrames(b, p.pcs, 64, true)
	b = gobudgetFrames(b, p.creator, 32, true)
	return append(gobudgetInt(b, p.still), '\n')
}

// gobudgetFrames appends function, file and line of at most max frames,
// their number first where counted.
func gobudgetFrames(b []byte, pcs []uintptr, max int, counted bool) []byte {
	var text []byte
	n := 0
	if len(pcs) > 0 && pcs[0] != 0 {
		frames := runtime.CallersFrames(pcs)
		for n < max {
			f, more := frames.Next()
			// The runtime's own frames above the blocking line differ from one
			// Go version to the next; the state says what they do.
			if f.Function != "" && f.Function != "runtime.goexit" &&
				!(counted && n == 0 && (strings.HasPrefix(f.Function, "runtime.") ||
					strings.HasPrefix(f.Function, "internal/runtime/"))) {
				text = gobudgetField(text, f.Function)
				text = gobudgetField(text, f.File)
				text = gobudgetInt(text, int64(f.Line))
				n++
			}
			if !more {
				break
			}
		}
	}
	if counted {
		b = gobudgetInt(b, int64(n))
	} else if n == 0 {
		text = append(text, "\t\t\t0"...)
	}
	return append(b, text...)
}
