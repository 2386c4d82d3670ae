// Package vetted has a test that vet does not let pass.
package vetted

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestPrintf(t *testing.T) { t.Logf("%d parcels", "many") }
