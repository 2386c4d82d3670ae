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

// gobudgetSiteLines tells the five largest sites of every test, its own and its subtests'.
//
//go:norace
func gobudgetSiteLines() []byte {
	const most = 5
	told := make(map[int][]*gobudgetAllocSite)
	for i := 0; ; i++ {
		s := new(gobudgetAllocSite)
		if !gobudgetSiteAt(i, s) {
			break
		}
		if s.n == 0 {
			continue
		}
		for t := gobudgetOf(s.block); t != nil; t = t.parent {
			told[t.id] = gobudgetLargest(told[t.id], s, most)
		}
	}
	var out []byte
	for t := gobudgetAgent.last; t != nil; t = t.next {
		for _, s := range told[t.id] {
			out = gobudgetInt(append(out, "site"...), int64(t.id))
			out = gobudgetInt(out, int64(s.bytes))
			out = gobudgetInt(out, int64(s.objects))
			out = append(gobudgetFrames(out, s.pcs[:s.n], 16, true), '\n')
		}
	}
	return out
}

// gobudgetLargest keeps a list of the largest, largest first.
func gobudgetLargest(list []*gobudgetAllocSite, s *gobudgetAllocSite, most int) []*gobudgetAllocSite {
	at := len(list)
	for at > 0 && (list[at-1].bytes < s.bytes || list[at-1].bytes == s.bytes && list[at-1].objects < s.objects) {
		at--
	}
	list = append(list, nil)
	copy(list[at+1:], list[at:])
	list[at] = s
	if len(list) > most {
		list = list[:most]
	}
	return list
}
