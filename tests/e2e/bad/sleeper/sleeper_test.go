// Package sleeper has a test that takes longer than -timeout.
package sleeper

import (
	"testing"
	"time"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestSleep(t *testing.T) { time.Sleep(5 * time.Minute) }

func TestAfter(t *testing.T) { use.Leave(1) }
