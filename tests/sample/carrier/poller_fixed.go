package carrier

import (
	"sync"
	"time"
)

// FixedPoller is Poller with a ticker and a goroutine that end.
type FixedPoller struct {
	check   func()
	quit    chan struct{}
	running sync.WaitGroup
}

// NewFixedPoller returns a poller that does not run yet.
func NewFixedPoller(check func()) *FixedPoller {
	return &FixedPoller{check: check, quit: make(chan struct{})}
}

// Start begins to check at every tick.
func (p *FixedPoller) Start(every time.Duration) {
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.check()
			case <-p.quit:
				return
			}
		}
	}()
}

// Stop ends the checking.
func (p *FixedPoller) Stop() {
	close(p.quit)
	p.running.Wait()
}
