// Package store keeps parcels in memory and what was done to them in a journal.
package store

import (
	"errors"
	"sort"
	"sync"
)

// A Parcel is what customers ask for.
type Parcel struct {
	ID     string
	Status string
	Stops  []string
}

// ErrNotFound is returned for parcels that nobody sent.
var ErrNotFound = errors.New("store: no such parcel")

// Store holds parcels by their ID.
type Store struct {
	mu      sync.RWMutex
	parcels map[string]Parcel
	journal *Journal
}

// New returns an empty store.
func New() *Store {
	return &Store{parcels: make(map[string]Parcel), journal: NewJournal()}
}

// Get returns the parcel.
func (s *Store) Get(id string) (Parcel, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.parcels[id]
	if !ok {
		return Parcel{}, ErrNotFound
	}
	return p, nil
}

// Put adds the parcel or replaces it.
func (s *Store) Put(p Parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parcels[p.ID] = p
}

// IDs lists what is there, sorted.
func (s *Store) IDs() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := make([]string, 0, len(s.parcels))
	for id := range s.parcels {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// Close stops the journal.
func (s *Store) Close() {
	s.journal.Close()
}
