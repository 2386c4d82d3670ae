package store

import "fmt"

// Batch is a set of parcels that appear in the store together.
type Batch struct {
	store   *Store
	parcels []Parcel
	record  *record
}

func (s *Store) begin() *Batch {
	return &Batch{store: s, record: &record{written: make(chan struct{}, 1)}}
}

// Import adds the parcels, all or none.
func (s *Store) Import(parcels []Parcel) (err error) {
	b := s.begin()
	defer func() { b.Close() }()
	for _, p := range parcels {
		if err := b.add(p); err != nil {
			return err
		}
	}
	b.commit()
	return nil
}

func (b *Batch) add(p Parcel) error {
	if p.ID == "" {
		return fmt.Errorf("store: parcel %d has no ID", len(b.parcels))
	}
	b.parcels = append(b.parcels, p)
	return nil
}

// commit writes the journal first, then shows the parcels.
func (b *Batch) commit() {
	b.record.parcels = len(b.parcels)
	b.store.journal.batches <- b.record
	<-b.record.written
	for _, p := range b.parcels {
		b.store.Put(p)
	}
}

// Close lets the batch go as soon as the journal has acknowledged it.
func (b *Batch) Close() {
	go b.release() // bug: (e)
}

func (b *Batch) release() {
	<-b.record.written
	b.parcels = nil
}
