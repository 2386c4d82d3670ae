// Where a test allocated: the site lines of a record, most bytes first.

package testing

import (
	"runtime"
	"strings"
	_ "unsafe"
)

const gobudgetSiteDepth = 48

// gobudgetAllocSite has the same layout in package runtime.
type gobudgetAllocSite struct {
	block   uintptr
	bytes   uint64
	objects uint64
	n       uintptr
	pcs     [gobudgetSiteDepth]uintptr
}

//go:linkname gobudgetSiteAt runtime.gobudgetSiteAt
func gobudgetSiteAt(i int, ret *gobudgetAllocSite) bool

// gobudgetSiteKey is a stack of one test.
type gobudgetSiteKey struct {
	id    int
	spawn bool
	pcs   [gobudgetSiteDepth]uintptr
}

// gobudgetSiteLines tells the largest sites of every test, its own and its
// subtests' together: by bytes, a few more by objects, and by go statements.
//
//go:norace
func gobudgetSiteLines() []byte {
	most := gobudgetAgent.sites
	index := make(map[gobudgetSiteKey]*gobudgetAllocSite)
	bytes := make(map[int][]*gobudgetAllocSite)
	objects := make(map[int][]*gobudgetAllocSite)
	spawns := make(map[int][]*gobudgetAllocSite)
	for _, p := range gobudgetSitesByTest(index) {
		s := index[p]
		if p.spawn {
			spawns[p.id] = gobudgetLargest(spawns[p.id], s, most/4, false)
			continue
		}
		bytes[p.id] = gobudgetLargest(bytes[p.id], s, most, true)
		objects[p.id] = gobudgetLargest(objects[p.id], s, most/4, false)
	}
	var out []byte
	for t := gobudgetAgent.last; t != nil; t = t.next {
		for _, s := range bytes[t.id] {
			out = gobudgetSiteLine(append(out, "site"...), t.id, s)
		}
		for _, s := range objects[t.id] {
			if !gobudgetAmong(bytes[t.id], s) {
				out = gobudgetSiteLine(append(out, "site"...), t.id, s)
			}
		}
		for _, s := range spawns[t.id] {
			out = gobudgetInt(append(out, "spawn"...), int64(t.id))
			out = gobudgetInt(out, int64(s.objects))
			out = append(gobudgetFrames(out, s.pcs[:1], 1, true), '\n')
		}
	}
	return append(out, gobudgetReachLines(most)...)
}

// gobudgetSitesByTest adds up what the runtime's table has, into a test and
// all above it; the keys in the order of the table.
//
//go:norace
func gobudgetSitesByTest(index map[gobudgetSiteKey]*gobudgetAllocSite) (keys []gobudgetSiteKey) {
	for i := 0; ; i++ {
		var s gobudgetAllocSite
		if !gobudgetSiteAt(i, &s) {
			return keys
		}
		if s.n == 0 {
			continue
		}
		for t := gobudgetOf(s.block &^ 1); t != nil && t.sites; t = t.parent {
			key := gobudgetSiteKey{t.id, s.block&1 != 0, s.pcs}
			sum := index[key]
			if sum == nil {
				sum = &gobudgetAllocSite{n: s.n, pcs: s.pcs}
				index[key] = sum
				keys = append(keys, key)
			}
			sum.bytes += s.bytes
			sum.objects += s.objects
		}
	}
}

// gobudgetHeap is what the heap profile said when the test that runs alone began.
var gobudgetHeap map[[32]uintptr][2]int64

// gobudgetProfile returns the profile's records as of the last collection; nil
// where it is not kept.
func gobudgetProfile() []runtime.MemProfileRecord {
	if !gobudgetAgent.alone || gobudgetAgent.sites == 0 {
		return nil
	}
	n, _ := runtime.MemProfile(nil, false)
	for {
		records := make([]runtime.MemProfileRecord, n+200)
		var ok bool
		if n, ok = runtime.MemProfile(records, false); ok {
			return records[:n]
		}
	}
}

// gobudgetHeapBefore remembers what was reachable before the test.
func gobudgetHeapBefore() {
	records := gobudgetProfile()
	if records == nil {
		return
	}
	gobudgetHeap = make(map[[32]uintptr][2]int64, len(records))
	for i := range records {
		r := &records[i]
		gobudgetHeap[r.Stack0] = [2]int64{r.InUseBytes(), r.InUseObjects()}
	}
	runtime.GC()
}

// gobudgetReachLines tells what is reachable now and was not before.
//
//go:norace
func gobudgetReachLines(most int) []byte {
	var list []*gobudgetAllocSite
	id := 0
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if gobudgetWanted(t.name) {
			id = t.id
		}
	}
	records := gobudgetProfile()
	if id == 0 || gobudgetHeap == nil {
		return nil
	}
	for i := range records {
		r := &records[i]
		before := gobudgetHeap[r.Stack0]
		bytes, objects := r.InUseBytes()-before[0], r.InUseObjects()-before[1]
		if bytes <= 0 || objects <= 0 || gobudgetOwn(r.Stack()) {
			continue
		}
		s := &gobudgetAllocSite{bytes: uint64(bytes), objects: uint64(objects)}
		s.n = uintptr(copy(s.pcs[:], r.Stack()))
		list = gobudgetLargest(list, s, most, true)
	}
	var out []byte
	for _, s := range list {
		out = gobudgetSiteLine(append(out, "reach"...), id, s)
	}
	return out
}

// gobudgetOwn: allocated by the agent itself.
func gobudgetOwn(stack []uintptr) bool {
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "testing.gobudget") {
			return true
		}
		if !more {
			return false
		}
	}
}

func gobudgetSiteLine(out []byte, id int, s *gobudgetAllocSite) []byte {
	out = gobudgetInt(out, int64(id))
	out = gobudgetInt(out, int64(s.bytes))
	out = gobudgetInt(out, int64(s.objects))
	out = gobudgetFrames(out, s.pcs[:s.n], gobudgetSiteDepth, true)
	return append(gobudgetField(out, gobudgetHow(s.pcs[:s.n])), '\n')
}

// gobudgetHow is the runtime's function that the innermost other one called:
// runtime.growslice for an append.
func gobudgetHow(pcs []uintptr) (how string) {
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "internal/runtime/") {
			return how
		}
		how = f.Function
		if !more {
			return how
		}
	}
}

func gobudgetAmong(list []*gobudgetAllocSite, s *gobudgetAllocSite) bool {
	for _, p := range list {
		if p == s {
			return true
		}
	}
	return false
}

// gobudgetLargest keeps a list of the largest, largest first.
func gobudgetLargest(list []*gobudgetAllocSite, s *gobudgetAllocSite, most int, bytes bool) []*gobudgetAllocSite {
	at := len(list)
	for at > 0 && (bytes && list[at-1].bytes < s.bytes || !bytes && list[at-1].objects < s.objects) {
		at--
	}
	if at >= most {
		return list
	}
	list = append(list, nil)
	copy(list[at+1:], list[at:])
	list[at] = s
	if len(list) > most {
		list = list[:most]
	}
	return list
}
