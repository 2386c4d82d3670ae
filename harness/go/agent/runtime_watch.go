// Noticing that the whole process stands still.
//
// Appended to runtime/proc.go.

package runtime

// gobudgetThreads says whether C code is linked in, and how many threads are Go's.
//
//go:linkname gobudgetThreads
func gobudgetThreads() (cgo bool, n int) { return iscgo, int(mcount()) }

// gobudgetStress: thousands of runs, of which a hung one must not cost seconds.  stress.edits
// makes it true.
const gobudgetStress = false

// gobudgetWatchEvery is how long nothing has to happen, four times over.
var gobudgetWatchEvery int64 = 500e6

// gobudgetWatch looks every half second whether the whole process stands
// still, and calls hook once if it does.  It is a system goroutine: neither
// runtime.NumGoroutine nor a stack dump shows it.
//
//go:linkname gobudgetWatch
func gobudgetWatch(hook func() bool) {
	go gobudgetStandstill(hook)
}

func gobudgetStandstill(hook func() bool) {
	getg().gobudgetOff = 1
	gobudgetWatcher = getg()
	if gobudgetStress {
		gobudgetWatchEvery = 25e6
	}
	still := 0
	var ticks uint64
	var st gobudgetState
	for {
		timeSleep(gobudgetWatchEvery)
		// Cheap first: did anything but this goroutine get to run?
		now := gobudgetTicks()
		moved := now-ticks > 1
		ticks = now
		if moved {
			still = 0
			continue
		}
		gobudgetScan(nil, nil, 0, &st)
		if st.running > 0 || st.calling > 0 || st.io > 0 || st.timers > 0 || st.busy {
			still = 0
			continue
		}
		still++
		switch still {
		case 2:
			// A finalizer may be what they all wait for.
			GC()
			ticks = gobudgetTicks()
		case 4:
			if hook() {
				return
			}
			still = 0
		}
	}
}

// gobudgetTicks grows whenever any P switches to a goroutine.
func gobudgetTicks() uint64 {
	n := uint64(0)
	for _, pp := range allp {
		if pp != nil {
			n += uint64(pp.schedtick)
		}
	}
	return n
}
