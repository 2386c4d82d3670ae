package events

import (
	"sync"
	"testing"
)

type bus interface {
	Subscribe(fn func(Event)) (unsubscribe func())
	Publish(ev Event)
}

// deliver publishes three events to five subscribers, who then leave.
func deliver(t *testing.T, b bus) {
	t.Helper()
	const subscribers, published = 5, 3
	var seen sync.WaitGroup
	seen.Add(subscribers * published)
	var leave []func()
	for i := 0; i < subscribers; i++ {
		leave = append(leave, b.Subscribe(func(Event) { seen.Done() }))
	}
	for _, what := range []string{"accepted", "in transit", "delivered"} {
		b.Publish(Event{Parcel: "P1", What: what})
	}
	seen.Wait()
	for _, unsubscribe := range leave {
		unsubscribe()
	}
	b.Publish(Event{Parcel: "P1", What: "archived"})
}

func TestBus(t *testing.T) {
	deliver(t, NewBus())
}

func TestFixedBus(t *testing.T) {
	deliver(t, NewFixedBus())
}
