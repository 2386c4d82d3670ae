// Chance before a lock.  Appended to package sync's, or internal/sync's, for --stress.

package sync

import (
	"unsafe"
)

//go:linkname gobudgetJitter runtime.gobudgetJitter
func gobudgetJitter()
