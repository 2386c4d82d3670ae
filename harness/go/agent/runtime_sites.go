// Where a test allocates, and who started its goroutines: only in the runs
// that explain a verdict (exact and alone), and only of the tests that are named,
// since each allocation then costs a stack walk.
//
// Appended to runtime/proc.go.  The table lies outside the Go heap and is never
// collected; when it is full, further sites are not told.

package runtime

const (
	gobudgetSiteDepth = 48
	gobudgetSiteMax   = 1 << 15
)

// gobudgetAllocSite is what one stack allocated for one test (same layout in testing).
type gobudgetAllocSite struct {
	block   uintptr
	bytes   uint64
	objects uint64
	n       uintptr
	pcs     [gobudgetSiteDepth]uintptr
}

var gobudgetSites *[gobudgetSiteMax]gobudgetAllocSite // nil: not asked for

// gobudgetExplain turns both on where the last word of the setting says so,
// before any goroutine but main's is started: "exact", "alone", or with the
// number of sites wanted, "alone:400".  With a number, a run alone keeps a whole
// heap profile as well: what is still reachable is not in our table.
func gobudgetExplain(setting string) {
	const size = unsafe.Sizeof([gobudgetSiteMax]gobudgetAllocSite{})
	from, to := len(setting), len(setting)
	for from > 0 && setting[from-1] != ' ' {
		from--
		if setting[from] == ':' {
			to = from
		}
	}
	mode := setting[from:to]
	if gobudgetStress && len(setting) > 0 {
		debug.tracebackancestors = 4 // bytes are not judged, and parents are worth knowing
	}
	if mode != "exact" && mode != "alone" {
		return
	}
	if mode == "alone" && to < len(setting) {
		MemProfileRate = 1
	}
	debug.tracebackancestors = 4
	if gobudgetNames == "" {
		return
	}
	gobudgetSites = (*[gobudgetSiteMax]gobudgetAllocSite)(persistentalloc(size, 64, &memstats.other_sys))
}

func gobudgetSite(block, bytes uintptr) {
	if !gobudgetAt(block).explain {
		return
	}
	var pcs [gobudgetSiteDepth]uintptr
	n := callers(2, pcs[:])
	gobudgetTally(block, bytes, n, &pcs)
}

// gobudgetSpawnSite counts a goroutine by its go statement; blocks are aligned,
// so the lowest bit tells such an entry.
func gobudgetSpawnSite(block, gopc uintptr) {
	if !gobudgetAt(block).explain {
		return
	}
	pcs := [gobudgetSiteDepth]uintptr{gopc}
	gobudgetTally(block|1, 0, 1, &pcs)
}

func gobudgetTally(block, bytes uintptr, n int, pcs *[gobudgetSiteDepth]uintptr) {
	hash := block
	for _, pc := range pcs[:n] {
		hash = hash*31 + pc
	}
	gobudgetLock()
	for i := uintptr(0); i < 64; i++ {
		s := &gobudgetSites[(hash>>4+i)%gobudgetSiteMax]
		if s.n == 0 {
			s.block, s.n, s.pcs = block, uintptr(n), *pcs
		} else if s.block != block || s.n != uintptr(n) || s.pcs != *pcs {
			continue
		}
		s.bytes += uint64(bytes)
		s.objects++
		break
	}
	gobudgetUnlock()
}

// gobudgetSiteAt copies entry i of the table; false past its end.
//
//go:linkname gobudgetSiteAt
func gobudgetSiteAt(i int, ret *gobudgetAllocSite) bool {
	if gobudgetSites == nil || i >= gobudgetSiteMax {
		return false
	}
	*ret = gobudgetSites[i]
	return true
}
