// Where a test allocated: the site lines of a record, most bytes first.

package testing

import (
	_ "unsafe"
)

const gobudgetSiteDepth = 24

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

// gobudgetSiteLines tells the largest sites of every test, its own and its
// subtests': five by bytes, three by objects, and three go statements.
//
//go:norace
func gobudgetSiteLines() []byte {
	bytes := make(map[int][]*gobudgetAllocSite)
	objects := make(map[int][]*gobudgetAllocSite)
	spawns := make(map[int][]*gobudgetAllocSite)
	for i := 0; ; i++ {
		s := new(gobudgetAllocSite)
		if !gobudgetSiteAt(i, s) {
			break
		}
		for t := gobudgetOf(s.block &^ 1); s.n != 0 && t != nil; t = t.parent {
			if s.block&1 != 0 {
				spawns[t.id] = gobudgetLargest(spawns[t.id], s, 3, false)
				continue
			}
			bytes[t.id] = gobudgetLargest(bytes[t.id], s, 5, true)
			objects[t.id] = gobudgetLargest(objects[t.id], s, 3, false)
		}
	}
	var out []byte
	for t := gobudgetAgent.last; t != nil; t = t.next {
		for _, s := range bytes[t.id] {
			out = gobudgetSiteLine(out, t.id, s)
		}
		for _, s := range objects[t.id] {
			if !gobudgetAmong(bytes[t.id], s) {
				out = gobudgetSiteLine(out, t.id, s)
			}
		}
		for _, s := range spawns[t.id] {
			out = gobudgetInt(append(out, "spawn"...), int64(t.id))
			out = gobudgetInt(out, int64(s.objects))
			out = append(gobudgetFrames(out, s.pcs[:1], 1, true), '\n')
		}
	}
	return out
}

func gobudgetSiteLine(out []byte, id int, s *gobudgetAllocSite) []byte {
	out = gobudgetInt(append(out, "site"...), int64(id))
	out = gobudgetInt(out, int64(s.bytes))
	out = gobudgetInt(out, int64(s.objects))
	return append(gobudgetFrames(out, s.pcs[:s.n], 16, true), '\n')
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
