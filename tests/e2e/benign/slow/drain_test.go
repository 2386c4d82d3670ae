// Package slow holds tests whose goroutines take their time to end, and do end.
package slow

import (
	"testing"
	"time"
)

func TestDrains700ms(t *testing.T) {
	go func() { time.Sleep(700 * time.Millisecond) }()
}

func TestDrains3s(t *testing.T) {
	for i := 0; i < 3; i++ {
		go func() { time.Sleep(3 * time.Second) }()
	}
}

// Ends one after the other, none of them for long.
func TestDrainsInTurn(t *testing.T) {
	queue := make(chan int, 20)
	for i := 0; i < 20; i++ {
		queue <- i
	}
	close(queue)
	for i := 0; i < 4; i++ {
		go func() {
			for range queue {
				time.Sleep(100 * time.Millisecond)
			}
		}()
	}
}

func TestTimeout2s(t *testing.T) {
	reply := make(chan int)
	go func() {
		select {
		case <-reply:
		case <-time.After(2 * time.Second):
		}
	}()
}
