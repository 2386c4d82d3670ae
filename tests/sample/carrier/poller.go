// Package carrier asks the carriers' servers how parcels are doing.
package carrier

import (
	"sync/atomic"
	"time"
)

// Poller looks at a carrier again and again.
type Poller struct {
	check   func()
	stopped atomic.Bool
}

// NewPoller returns a poller that does not run yet.
func NewPoller(check func()) *Poller {
	return &Poller{check: check}
}

// Start begins to check at every tick.
func (p *Poller) Start(every time.Duration) {
	ticker := time.NewTicker(every)
	go func() { // bug: (k) ticker
		for range ticker.C {
			if !p.stopped.Load() {
				p.check()
			}
		}
	}()
}

// Stop ends the checking.
func (p *Poller) Stop() {
	p.stopped.Store(true)
}
