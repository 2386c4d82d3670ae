package bothkinds_test

import (
	"testing"

	"example.com/shapes/bothkinds"
)

func TestOuter(t *testing.T) { bothkinds.Work() }
