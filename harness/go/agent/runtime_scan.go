// Looking at all goroutines at once, with the world stopped.
//
// Appended to runtime/proc.go.

package runtime

// gobudgetScan lists the user's goroutines with the world stopped, brings all
// blocks up to date and says what may still move.  Stacks are taken while pcs
// has room.  Returns how many goroutines there are, though only len(gs) are told.
//
//go:linkname gobudgetScan
func gobudgetScan(gs []gobudgetG, pcs []uintptr, until int64, st *gobudgetState) int {
	gobudgetStop()
	self := getg()
	*st = gobudgetState{now: nanotime()}
	n, used := 0, 0
	for _, gp := range allgs {
		status := readgstatus(gp) &^ _Gscan
		leaked := gobudgetLeaked(status)
		if leaked {
			status = _Gwaiting
		}
		switch status {
		case _Grunnable, _Grunning, _Gsyscall, _Gwaiting, _Gpreempted, _Gcopystack:
		default:
			continue
		}
		if isSystemGoroutine(gp, false) {
			continue
		}
		gobudgetFlush(gp)
		if gp == self || gp == gobudgetWatcher {
			continue
		}
		state := gobudgetMoves(gp, status, st)
		if n < len(gs) {
			r := &gs[n]
			*r = gobudgetG{id: gp.goid, block: gp.gobudget, gopc: gp.gopc, startpc: gp.startpc,
				state: state, first: used, counted: gp.gobudgetCounted, leaked: leaked}
			if room := len(pcs) - used; room > 0 && (status == _Gwaiting || status == _Grunnable || status == _Gsyscall || status == _Gpreempted) {
				if room > 64 {
					room = 64
				}
				r.n = gcallers(gp, 0, pcs[used:used+room])
				used += r.n
				if gp.ancestors != nil {
					for _, a := range *gp.ancestors {
						c := copy(pcs[used:], a.pcs)
						r.creator += c
						used += c
					}
				}
			}
		}
		n++
	}
	gobudgetTimers(st, until)
	gobudgetStart()
	return n
}

// gobudgetMoves says what a goroutine is doing and counts it as moving or waiting.
func gobudgetMoves(gp *g, status uint32, st *gobudgetState) string {
	name := funcname(findfunc(gp.startpc))
	if name == "os/signal.loop" {
		st.busy = true
		return "signal"
	}
	switch status {
	case _Grunnable, _Gpreempted, _Gcopystack:
		st.running++
		return "runnable"
	case _Grunning:
		st.running++
		return "running"
	case _Gsyscall:
		st.calling++
		return "syscall"
	}
	reason := gp.waitreason.String()
	switch {
	case reason == "IO wait":
		st.io++
	case reason == "sleep":
		// Its timer is among the pending ones.
	case len(reason) > 3 && reason[:2] == "GC", reason == "garbage collection", reason == "wait for GC cycle":
		st.running++
		st.busy = true
	}
	return reason
}
