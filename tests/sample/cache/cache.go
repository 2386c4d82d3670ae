// Package cache keeps rendered labels, so that printing one again costs nothing.
package cache

import (
	"bytes"
	"sync"
)

type entry struct {
	label    []byte
	version  int
	replaced *entry
}

// Cache holds the latest label of each parcel.
type Cache struct {
	mu      sync.Mutex
	entries map[string]*entry
}

// Labels is the cache that the handlers share.
var Labels = New()

// New returns an empty cache.
func New() *Cache {
	return &Cache{entries: make(map[string]*entry)}
}

// Put keeps a copy of the label in place of the one that was there.
func (c *Cache) Put(parcel string, label []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := &entry{label: bytes.Clone(label)} // site: (f)
	if old := c.entries[parcel]; old != nil {
		e.version = old.version + 1
		e.replaced = old // bug: (f)
	}
	c.entries[parcel] = e
}

// Get returns the label and how often it was replaced.
func (c *Cache) Get(parcel string) (label []byte, version int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[parcel]
	if e == nil {
		return nil, 0, false
	}
	return e.label, e.version, true
}

// Changed tells whether the last Put brought anything new.
func (c *Cache) Changed(parcel string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[parcel]
	return e != nil && (e.replaced == nil || !bytes.Equal(e.label, e.replaced.label))
}
