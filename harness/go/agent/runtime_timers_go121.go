// Pending timers as Go 1.21 and 1.22 keep them.

package runtime

func gobudgetTimers(st *gobudgetState, until int64) {
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		for _, t := range pp.timers {
			when := t.when
			switch t.status.Load() {
			case timerModifiedEarlier, timerModifiedLater:
				when = t.nextwhen
			case timerWaiting, timerRunning, timerModifying, timerMoving:
			default:
				continue
			}
			if gobudgetIsAlarm(t) || (gobudgetWatcher != nil && t == gobudgetWatcher.timer) {
				continue
			}
			st.timers++
			if when <= until {
				st.soon++
			}
			if t.period == 0 && when <= until && when > st.oneShot {
				st.oneShot = when
			}
		}
	}
}
