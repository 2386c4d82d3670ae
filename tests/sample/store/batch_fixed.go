package store

// FixedBatch is Batch with a Close that knows who takes the acknowledgement.
type FixedBatch struct {
	Batch
}

// FixedImport adds the parcels, all or none.
func (s *Store) FixedImport(parcels []Parcel) (err error) {
	b := &FixedBatch{Batch: *s.begin()}
	defer func() { b.Close() }()
	for _, p := range parcels {
		if err := b.add(p); err != nil {
			return err
		}
	}
	b.commit()
	return nil
}

// Close lets the batch go: commit has waited for the journal already.
func (b *FixedBatch) Close() {
	b.parcels = nil
}
