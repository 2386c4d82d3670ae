// Go 1.21 to 1.25 do not know which goroutines can never run again.

package runtime

func gobudgetLeaked(uint32) bool { return false }

//go:linkname gobudgetFindLeaks
func gobudgetFindLeaks() bool { return false }
