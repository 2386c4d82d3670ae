// Package events tells interested parties what happens to parcels.
package events

import "sync"

// An Event is one thing that happened to a parcel.
type Event struct {
	Parcel string
	What   string
}

// Bus hands every published event to every subscriber, in order.
type Bus struct {
	mu     sync.Mutex
	nextID int
	subs   map[int]chan Event
}

// NewBus returns a bus without subscribers.
func NewBus() *Bus {
	return &Bus{subs: make(map[int]chan Event)}
}

// Subscribe calls fn for every event until the returned function is called.
func (b *Bus) Subscribe(fn func(Event)) (unsubscribe func()) {
	ch := make(chan Event)
	b.mu.Lock()
	id := b.nextID
	b.nextID++
	b.subs[id] = ch
	b.mu.Unlock()
	go func() { // bug: (d)
		for ev := range ch {
			fn(ev)
		}
	}()
	return func() {
		b.mu.Lock()
		delete(b.subs, id)
		b.mu.Unlock()
	}
}

// Publish returns when every subscriber has taken the event.
func (b *Bus) Publish(ev Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ch := range b.subs {
		ch <- ev
	}
}
