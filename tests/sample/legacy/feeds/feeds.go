// Package feeds follows the depots that still report in the old way.
package feeds

import "sync"

// A Depot reports parcels until it is told to stop.
type Depot struct {
	Name    string
	reports chan string
	stop    chan struct{}
}

// NewDepot returns a depot that nobody follows yet.
func NewDepot(name string) *Depot {
	return &Depot{Name: name, reports: make(chan string, 16), stop: make(chan struct{}, 1)}
}

// Report tells whoever follows the depot about a parcel.
func (d *Depot) Report(parcel string) {
	d.reports <- parcel
}

// Stop ends the following of this depot, now or when it begins.
func (d *Depot) Stop() {
	select {
	case d.stop <- struct{}{}:
	default:
	}
}

// Feeds follows a set of depots.
type Feeds struct {
	mu        sync.Mutex
	parcels   []string
	following int
}

// Follow takes in the reports of every depot until each is stopped.
func (f *Feeds) Follow(depots []*Depot) {
	open := make(chan struct{})
	for _, d := range depots {
		go func() { // bug: (b)
			<-open
			f.follow(d)
		}()
		f.following++
	}
	close(open)
}

func (f *Feeds) follow(d *Depot) {
	for {
		select {
		case parcel := <-d.reports:
			f.mu.Lock()
			f.parcels = append(f.parcels, parcel)
			f.mu.Unlock()
		case <-d.stop:
			return
		}
	}
}

// Following tells how many depots are followed.
func (f *Feeds) Following() int {
	return f.following
}
