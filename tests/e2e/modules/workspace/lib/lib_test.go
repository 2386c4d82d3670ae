package lib

import (
	"testing"

	"example.com/lib/use"
)

func TestLib(t *testing.T) { Work(); use.Pass(3) }
