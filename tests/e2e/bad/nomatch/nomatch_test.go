// Package nomatch has tests that -run does not match.
package nomatch

import (
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }
