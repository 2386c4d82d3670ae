// The collector's health: how often it ran for the package's own sake, and how
// long it stopped the world.
//
// Appended to runtime/proc.go; the hooks are in runtime.edits.  Collections
// that the agent asks for are not counted.  Plain numbers: they are written
// with the world stopped, by the one collection there is at a time.

package runtime

var (
	gobudgetCollections uint64
	gobudgetPauses      uint64 // ns, of all of them
	gobudgetWorst       uint64
	gobudgetAsked       bool // the agent itself asked for this collection
	gobudgetHolding     bool // no finalizer or cleanup starts, see gobudgetCollect
)

// gobudgetPaused is told how long a collection stopped the world, as MemStats counts it.
func gobudgetPaused(ns uint64) {
	if gobudgetAsked {
		return
	}
	gobudgetCollections++
	gobudgetPauses += ns
	if ns > gobudgetWorst {
		gobudgetWorst = ns
	}
}

// gobudgetCollector returns what has been counted so far.
//
//go:linkname gobudgetCollector
func gobudgetCollector() (collections, pauses, worst uint64) {
	return gobudgetCollections, gobudgetPauses, gobudgetWorst
}

// gobudgetCollect returns the bytes that can still be reached.  Two collections: the first leaves
// what a sync.Pool holds.
//
// It comes after the last test, where an untouched program would just end: a
// finalizer that it found work for might panic, or log to a test that is over.
// So none starts until the program itself collects again.
//
//go:linkname gobudgetCollect
func gobudgetCollect() uint64 {
	gobudgetAsked, gobudgetHolding = true, true
	GC()
	GC()
	gobudgetAsked = false
	return gcController.heapMarked
}

// gobudgetCollecting is told that a collection begins.
func gobudgetCollecting() {
	if !gobudgetAsked {
		gobudgetHolding = false
	}
}
