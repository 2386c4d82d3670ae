package events

import "sync"

// FixedBus is Bus with subscriptions that end when they are cancelled.
type FixedBus struct {
	mu     sync.Mutex
	nextID int
	subs   map[int]chan Event
}

// NewFixedBus returns a bus without subscribers.
func NewFixedBus() *FixedBus {
	return &FixedBus{subs: make(map[int]chan Event)}
}

// Subscribe calls fn for every event until the returned function is called.
func (b *FixedBus) Subscribe(fn func(Event)) (unsubscribe func()) {
	ch := make(chan Event)
	b.mu.Lock()
	id := b.nextID
	b.nextID++
	b.subs[id] = ch
	b.mu.Unlock()
	go func() {
		for ev := range ch {
			fn(ev)
		}
	}()
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, ok := b.subs[id]; ok {
			delete(b.subs, id)
			close(ch)
		}
	}
}

// Publish returns when every subscriber has taken the event.
func (b *FixedBus) Publish(ev Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ch := range b.subs {
		ch <- ev
	}
}
