package mainexternal

import (
	"testing"

	"example.com/shapes/use"
)

func TestInside(t *testing.T) { use.Leave(2) }
