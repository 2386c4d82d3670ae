// Package scheduler runs jobs in the background.
package scheduler

import "sync"

// A Job is one piece of background work.
type Job func()

// Pool runs jobs on a fixed number of workers.
type Pool struct {
	jobs    chan Job
	pending sync.WaitGroup
}

// NewPool starts the workers.
func NewPool(workers int) *Pool {
	p := &Pool{jobs: make(chan Job)}
	for i := 0; i < workers; i++ {
		go func() { // bug: (a)
			for {
				job := <-p.jobs
				job()
				p.pending.Done()
			}
		}()
	}
	return p
}

// Submit hands a job to the next free worker.
func (p *Pool) Submit(job Job) {
	p.pending.Add(1)
	p.jobs <- job
}

// Shutdown returns when every submitted job is done.
func (p *Pool) Shutdown() {
	p.pending.Wait()
}
