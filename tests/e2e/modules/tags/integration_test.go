//go:build integration

package tags

import (
	"testing"

	"example.com/tags/use"
)

func TestIntegration(t *testing.T) { use.Leave(3); use.Pass(1) }
