package store

import "sync"

// Journal writes batches one after the other and acknowledges each.
type Journal struct {
	batches chan *record
	stopped sync.WaitGroup
	written int
}

type record struct {
	parcels int
	written chan struct{}
}

// NewJournal starts the writer.
func NewJournal() *Journal {
	j := &Journal{batches: make(chan *record)}
	j.stopped.Add(1)
	go j.write()
	return j
}

func (j *Journal) write() {
	defer j.stopped.Done()
	for r := range j.batches {
		j.written += r.parcels
		r.written <- struct{}{}
	}
}

// Close returns when the writer is gone.
func (j *Journal) Close() {
	close(j.batches)
	j.stopped.Wait()
}
