package webhook

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

type sender interface {
	Send(message string)
	Flush()
}

// giveUp sends three messages to a server that is down.
func giveUp(t *testing.T, attempts int, start func(Post) sender) {
	t.Helper()
	var posts atomic.Int64
	s := start(func(string) error {
		posts.Add(1)
		return errors.New("connection refused")
	})
	for _, message := range []string{"accepted", "in transit", "delivered"} {
		s.Send(message)
	}
	s.Flush()
	if n := posts.Load(); n < int64(3*attempts) {
		t.Errorf("gave up after %d attempts, want %d", n, 3*attempts)
	}
}

func TestSender(t *testing.T) {
	giveUp(t, 6, func(p Post) sender { return NewSender(p, 6, time.Millisecond) })
}

func TestFixedSender(t *testing.T) {
	giveUp(t, 6, func(p Post) sender { return NewFixedSender(p, 6, time.Millisecond) })
}

func TestDelivered(t *testing.T) {
	var posts atomic.Int64
	s := NewFixedSender(func(string) error { posts.Add(1); return nil }, 6, time.Millisecond)
	s.Send("accepted")
	s.Flush()
	if posts.Load() != 1 {
		t.Errorf("%d attempts, want 1", posts.Load())
	}
}
