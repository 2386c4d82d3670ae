package webhook

import (
	"sync"
	"time"
)

// FixedSender is Sender with one goroutine to a message.
type FixedSender struct {
	post     Post
	attempts int
	backoff  time.Duration
	pending  sync.WaitGroup
}

// NewFixedSender returns a sender that gives up after so many attempts.
func NewFixedSender(post Post, attempts int, backoff time.Duration) *FixedSender {
	return &FixedSender{post: post, attempts: attempts, backoff: backoff}
}

// Send returns at once.
func (s *FixedSender) Send(message string) {
	s.pending.Add(1)
	go func() {
		defer s.pending.Done()
		s.deliver(message)
	}()
}

// Flush returns when every message is delivered or given up.
func (s *FixedSender) Flush() {
	s.pending.Wait()
}

func (s *FixedSender) deliver(message string) {
	for attempt := 0; attempt < s.attempts; attempt++ {
		if attempt > 0 {
			time.Sleep(s.backoff)
		}
		if s.post(message) == nil {
			return
		}
	}
}
