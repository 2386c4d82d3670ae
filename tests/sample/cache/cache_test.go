package cache

import (
	"bytes"
	"testing"
)

type labels interface {
	Put(parcel string, label []byte)
	Get(parcel string) (label []byte, version int, ok bool)
	Changed(parcel string) bool
}

// reprint replaces one parcel's label of 128 KiB 63 times.
func reprint(t *testing.T, c labels) {
	t.Helper()
	label := bytes.Repeat([]byte("label "), 128<<10/6)
	for i := 0; i < 64; i++ {
		label[0] = byte(i)
		c.Put("P1", label)
		if !c.Changed("P1") {
			t.Fatalf("print %d: not changed", i)
		}
	}
	got, version, ok := c.Get("P1")
	if !ok || version != 63 || !bytes.Equal(got, label) {
		t.Fatalf("Get(P1): version %d, %d bytes, %v", version, len(got), ok)
	}
}

func TestLabels(t *testing.T) {
	reprint(t, Labels)
}

func TestFixedLabels(t *testing.T) {
	reprint(t, FixedLabels)
}

func TestNoLabel(t *testing.T) {
	if _, _, ok := New().Get("P2"); ok {
		t.Error("Get(P2) found a label that nobody printed")
	}
	if New().Changed("P2") {
		t.Error("Changed(P2) of a label that nobody printed")
	}
}
