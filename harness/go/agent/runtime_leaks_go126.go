// Go 1.26 and later can find goroutines that wait for what nobody can reach.

package runtime

func gobudgetLeaked(status uint32) bool { return status == _Gleaked }

// gobudgetFindLeaks runs the collection that finds them; until the next one
// gobudgetScan tells them.
//
//go:linkname gobudgetFindLeaks
func gobudgetFindLeaks() bool {
	gobudgetAsked = true
	goroutineLeakGC()
	gobudgetAsked = false
	return true
}
