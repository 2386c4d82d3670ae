// How long to wait for goroutines that may still end.
//
// Appended to testing/testing.go.

package testing

import (
	"time"
)

// gobudgetSettle waits while goroutines that tests left behind may still end.
//
// It returns at once when there are none; and as soon as nothing in the process
// can move any more: no goroutine runs, no timer is due, and IO within the
// process has had time to arrive.  Goroutines that only compute get a fifth of the
// window without one of them ending.  Otherwise it waits for the window; longer, up
// to five windows, only while goroutines keep ending or a one-shot timer (a sleep, a
// timeout) is pending that may end one.
//
//go:norace
func gobudgetSettle(window time.Duration) {
	live := gobudgetLive()
	if live == 0 {
		return
	}
	var st gobudgetState
	gobudgetBefore = gobudgetStand()
	gobudgetScan(nil, nil, 0, &st)
	start := st.now
	limit, last := start+int64(window), start+5*int64(window)
	changed, stirred := start, start
	quiet, stood, pause := 0, false, time.Millisecond
	for {
		time.Sleep(pause)
		if pause < 10*time.Millisecond {
			pause *= 2
		}
		gobudgetScan(nil, nil, last, &st)
		if now := gobudgetLive(); now != live {
			live, changed = now, st.now
		}
		if live == 0 {
			return
		}
		idle := st.now - changed
		if st.calling+st.soon > 0 {
			stirred = st.now
		}
		if !stood && st.running == 0 {
			gobudgetBefore, stood = gobudgetStand(), true // the first moment at which all wait
		}
		if st.running+st.calling+st.soon > 0 {
			quiet = 0
		} else if quiet++; quiet >= 4 && (st.io == 0 || quiet >= 10) {
			return
		}
		// What a timer has just woken runs as well, and needs its time.
		if idle > int64(window)/5 && st.now-stirred > int64(window)/5 {
			return
		}
		if st.now < limit {
			continue
		}
		switch {
		case st.now >= last:
			return
		case idle < int64(window):
			limit = changed + int64(window)
		case st.oneShot > 0:
			limit = st.oneShot + int64(50*time.Millisecond)
			last = limit
		default:
			return
		}
	}
}
