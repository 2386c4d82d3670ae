// Chance where goroutines meet: one that is about to lock, send, receive, close
// or select lets others go first, now and then.
//
// Appended to runtime/proc.go for --stress.  Bugs differ in what shows them: some
// want every order to be possible, some want one goroutine to run on for long. So each process
// draws a mood of its own: the scheduler as it is, its choices at random, and these
// with little or much jitter.

package runtime

var (
	gobudgetDice  uint32 // torn and lost updates only add chance
	gobudgetOneIn uint32 // 0: no jitter
	gobudgetMoods = [...]uint32{0, 0, 16, 3}
)

func gobudgetRoll(n uint32) bool {
	d := gobudgetDice*1664525 + 1013904223 + uint32(cputicks())
	gobudgetDice = d
	return d>>8%n == 0
}

// gobudgetMood draws this process's mood, before any goroutine but main's runs.
func gobudgetMood() {
	gobudgetDice = uint32(nanotime()) ^ uint32(nanotime()>>32) ^ uint32(getg().m.procid)*2654435761
	for mood := range gobudgetMoods {
		left := uint32(len(gobudgetMoods) - mood)
		if left == 1 || gobudgetRoll(left) {
			randomizeScheduler = mood > 0
			gobudgetOneIn = gobudgetMoods[mood]
			return
		}
	}
}

// gobudgetJitter acts on the goroutines of tests only.
//
//go:linkname gobudgetJitter
func gobudgetJitter() {
	if gobudgetOneIn == 0 {
		return
	}
	gp := getg()
	if gp.gobudget == 0 || gp != gp.m.curg || gp.m.locks != 0 || gp.m.mallocing != 0 || gp.m.preemptoff != "" {
		return
	}
	if gobudgetRoll(gobudgetOneIn) {
		Gosched()
	}
}
