package runtime

import "testing"

func TestGC(t *testing.T) {
	GC()
	GC()
}
