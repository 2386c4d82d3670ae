package live

import (
	"strconv"
	"sync"
	"testing"
)

var (
	kept []byte
	pool = sync.Pool{New: func() any { return new([1 << 20]byte) }}
)

func TestKeeps(t *testing.T) { kept = make([]byte, 8<<20) }

func TestDrops(t *testing.T) { _ = len(make([]byte, 32<<20)) }

func TestPools(t *testing.T) { pool.Put(pool.Get()) }

// What a subtest's function holds goes with it.
func TestHolds(t *testing.T) {
	for i := 0; i < 256; i++ {
		held := make([]byte, 64<<10)
		t.Run(strconv.Itoa(i), func(t *testing.T) { held[0] = 1 })
	}
}
