package withc

import (
	"testing"

	"example.com/withc/use"
)

func TestAdd(t *testing.T) {
	if Add(2, 3) != 5 {
		t.Fatal("2 + 3 is not 5")
	}
	use.Leave(1)
	use.Pass(2)
}

// TestCallBack's megabyte is allocated by nobody's goroutine.
func TestCallBack(t *testing.T) {
	if CallBack() != 1 {
		t.Fatal("not called")
	}
	use.Leave(1)
}
