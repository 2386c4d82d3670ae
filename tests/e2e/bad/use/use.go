// Package use uses up goroutines and bytes in numbers known beforehand.
package use

// forever is a package variable, so that whoever waits for it is left behind
// but not proven stuck.
var forever = make(chan struct{})

// Sink keeps what Spend allocates on the heap.
var Sink []byte

// Leave starts n goroutines that never end.
func Leave(n int) {
	started := make(chan struct{})
	for i := 0; i < n; i++ {
		go wait(started)
		<-started
	}
}

func wait(started chan struct{}) {
	started <- struct{}{}
	<-forever
}

// Pass starts n goroutines, one after the other, that end at once.
func Pass(n int) {
	done := make(chan struct{})
	for i := 0; i < n; i++ {
		go func() { done <- struct{}{} }()
		<-done
	}
}

// Spend allocates n bytes in one piece.
func Spend(n int) {
	Sink = make([]byte, n)
}
