package externalonly_test

import (
	"testing"

	"example.com/shapes/externalonly"
	"example.com/shapes/use"
)

func TestWork(t *testing.T)  { externalonly.Work() }
func TestSpend(t *testing.T) { use.Spend(256 << 10) }
