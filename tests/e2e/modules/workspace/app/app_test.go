// Package app uses the other module of its workspace.
package app

import (
	"testing"

	"example.com/lib"
)

func TestApp(t *testing.T) {
	if lib.Work() != 2 {
		t.Fatal("not the workspace's lib")
	}
}
