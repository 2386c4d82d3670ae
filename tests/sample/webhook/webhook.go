// Package webhook tells customers' own servers about their parcels.
package webhook

import (
	"sync"
	"time"
)

// Post delivers one message to a customer's server.
type Post func(message string) error

// Sender delivers messages and tries again when that fails.
type Sender struct {
	post     Post
	attempts int
	backoff  time.Duration
	pending  sync.WaitGroup
}

// NewSender returns a sender that gives up after so many attempts.
func NewSender(post Post, attempts int, backoff time.Duration) *Sender {
	return &Sender{post: post, attempts: attempts, backoff: backoff}
}

// Send returns at once.
func (s *Sender) Send(message string) {
	s.later(message, 0, 0)
}

// Flush returns when every message is delivered or given up.
func (s *Sender) Flush() {
	s.pending.Wait()
}

func (s *Sender) later(message string, attempt int, delay time.Duration) {
	s.pending.Add(1)
	go func() { // bug: (j)
		defer s.pending.Done()
		time.Sleep(delay)
		s.deliver(message, attempt)
	}()
}

// deliver makes the attempts that are left.
func (s *Sender) deliver(message string, attempt int) {
	for ; attempt < s.attempts; attempt++ {
		if s.post(message) == nil {
			return
		}
		s.later(message, attempt+1, s.backoff)
	}
}
