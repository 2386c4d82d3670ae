// Package skipped has tests that are all skipped.
package skipped

import "testing"

func TestOne(t *testing.T) { t.Skip("not today") }
func TestTwo(t *testing.T) { t.SkipNow() }
