// Package secret can be imported by this module only.
package secret

import (
	"testing"

	"example.com/shapes/use"
)

func TestSecret(t *testing.T) { use.Leave(2) }
