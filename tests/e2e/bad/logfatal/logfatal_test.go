// Package logfatal has a test that ends its process with a word.
package logfatal

import (
	"log"
	"testing"

	"example.com/bad/use"
)

func TestBefore(t *testing.T) { use.Leave(2); use.Pass(1) }

func TestFatal(t *testing.T) { log.Fatal("the disk is gone") }

func TestAfter(t *testing.T) { use.Leave(1) }
