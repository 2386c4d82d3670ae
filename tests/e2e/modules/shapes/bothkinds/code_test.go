package bothkinds

import "testing"

func TestInner(t *testing.T) { inner() }
