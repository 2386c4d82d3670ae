// Package mainexternal_test has the TestMain of a package of two kinds of tests.
package mainexternal_test

import (
	"os"
	"testing"

	"example.com/shapes/use"
)

func TestMain(m *testing.M) {
	defer os.Exit(m.Run())
}

func TestOutside(t *testing.T) { use.Leave(1) }
