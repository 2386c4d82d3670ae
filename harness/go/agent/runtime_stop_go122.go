// How Go 1.22 and later stop the world.

package runtime

var gobudgetStopped worldStop // written and read with the world stopped

func gobudgetStop() {
	w := stopTheWorld(stwAllGoroutinesStack)
	gobudgetStopped = w
}

func gobudgetStart() {
	w := gobudgetStopped
	startTheWorld(w)
}
