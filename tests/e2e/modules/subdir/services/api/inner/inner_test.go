// Package inner lies in a module that lies in a subdirectory of its repository.
package inner

import (
	"testing"

	"example.com/repo/services/api/use"
)

func TestInner(t *testing.T) { use.Leave(1) }
