// Pending timers as Go 1.23 and later keep them.

package runtime

func gobudgetTimers(st *gobudgetState, until int64) {
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		for _, tw := range pp.timers.heap {
			t := tw.timer
			if t.state&timerZombie != 0 || gobudgetIsAlarm(t) ||
				(gobudgetWatcher != nil && t == gobudgetWatcher.timer) {
				continue
			}
			st.timers++
			if t.when <= until {
				st.soon++
			}
			if t.period == 0 && t.when <= until && t.when > st.oneShot {
				st.oneShot = t.when
			}
		}
	}
}
