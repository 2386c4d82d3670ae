package testing_test

import (
	"testing"

	own "example.com/shapes/testing"
)

func TestOwn(t *testing.T) {
	own := own.T{Name: t.Name()}
	own.Run()
	own.Run()
	own.Run()
}
