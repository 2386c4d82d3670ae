package scheduler

import "sync"

// FixedPool is Pool with workers that end.
type FixedPool struct {
	jobs    chan Job
	workers sync.WaitGroup
}

// NewFixedPool starts the workers.
func NewFixedPool(workers int) *FixedPool {
	p := &FixedPool{jobs: make(chan Job)}
	p.workers.Add(workers)
	for i := 0; i < workers; i++ {
		go func() {
			defer p.workers.Done()
			for job := range p.jobs {
				job()
			}
		}()
	}
	return p
}

// Submit hands a job to the next free worker.
func (p *FixedPool) Submit(job Job) {
	p.jobs <- job
}

// Shutdown returns when every submitted job is done and the workers are gone.
func (p *FixedPool) Shutdown() {
	close(p.jobs)
	p.workers.Wait()
}
