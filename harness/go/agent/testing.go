// The agent inside package testing: where tests begin and end, and what is
// written down about them.
//
// Appended to testing/testing.go by the overlay, whose imports it uses; the
// hooks that call it are in testing.edits.  What it asks of the runtime is in
// testing_runtime.go, or in testing_fallback.go where the runtime's source is
// not known.
//
// Nothing here may be visible to a test: no lock or atomic that the race
// detector could take for an order between tests (hence go:norace and the
// runtime's own spin lock), no goroutine, no allocation that is charged to one.

package testing

import (
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// gobudgetTest is one row of the record.
type gobudgetTest struct {
	id     int
	name   string
	kind   string
	c      *common
	fn     any // its function; a fuzz seed's is its target's
	parent *gobudgetTest
	next   *gobudgetTest // the one begun before it
	block  uintptr
	goid   uint64
	ended  bool
	open   int // subtests that have not ended
	hung   bool
	sites  bool   // they are to be told
	line   []byte // bench or heap line, written with the final numbers
	bytes  uint64 // of its subtests, while finals are added up
	objs   uint64
}

var gobudgetAgent struct {
	on       bool
	alone    bool
	fd       uintptr
	file     *os.File // keeps fd open
	settle   time.Duration
	sites    int    // how many to tell of a test, where a number was asked for
	path     string // import path, in the first line
	ids      int
	last     *gobudgetTest
	example  *gobudgetTest
	depth    uint8 // of main's being switched off outside an example
	heapBase uint64
}

// gobudgetStart begins the record; M.Run calls it, each time it is called.
//
//go:norace
func gobudgetStart(m *M, path string) {
	a := &gobudgetAgent
	gobudgetOff()
	if a.on || *isFuzzWorker {
		return
	}
	// RECORD SETTLE_MS MODE, with spaces in RECORD taken as they are.
	s := gobudgetConfig()
	s, mode, ok := gobudgetCutLast(s)
	if !ok {
		return
	}
	record, ms, ok := gobudgetCutLast(s)
	if !ok {
		return
	}
	n, err := strconv.Atoi(ms)
	if err != nil {
		return
	}
	f, err := os.OpenFile(record, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return
	}
	a.file, a.fd = f, f.Fd()
	a.settle = time.Duration(n) * time.Millisecond
	if i := strings.IndexByte(mode, ':'); i >= 0 {
		a.sites, _ = strconv.Atoi(mode[i+1:])
		mode = mode[:i]
	}
	a.alone = mode == "alone"
	a.path = path
	a.on = true
	gobudgetSet(0) // main's own goroutine is nobody's leftover
	gobudgetBoot()
	line := append([]byte(nil), "gobudget\t1\t"+gobudgetAccounting...)
	line = gobudgetField(line, path)
	line = gobudgetField(line, runtime.Version())
	line = gobudgetInt(line, int64(runtime.GOMAXPROCS(0)))
	gobudgetWrite(a.fd, append(line, '\n'))
}

func gobudgetCutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

func gobudgetField(b []byte, s string) []byte {
	b = append(b, '\t')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\\':
			b = append(b, '\\', '\\')
		default:
			b = append(b, c)
		}
	}
	return b
}

func gobudgetInt(b []byte, n int64) []byte {
	return strconv.AppendInt(append(b, '\t'), n, 10)
}

// gobudgetBegin charges the calling goroutine to a test from here on.
//
//go:norace
func gobudgetBegin(c *common, kind string, fn any) {
	if !gobudgetAgent.on || c.name == "" {
		return
	}
	gobudgetOff()
	var parent *gobudgetTest
	if c.parent != nil {
		parent = c.parent.gobudget
	}
	if parent != nil && parent.name == c.name {
		// A synctest bubble, or a benchmark that runs again: the same test goes on.
		gobudgetSet(parent.block)
		gobudgetOn()
		return
	}
	if parent != nil && parent.kind == "fuzz" {
		kind, fn = "fuzz", parent.fn
	}
	t := &gobudgetTest{name: c.name, kind: kind, c: c, fn: fn, parent: parent, goid: gobudgetGoid()}
	gobudgetLock()
	gobudgetAgent.ids++
	t.id = gobudgetAgent.ids
	t.next = gobudgetAgent.last
	gobudgetAgent.last = t
	if parent != nil {
		parent.open++
	}
	line := append(make([]byte, 0, 256), "begin"...)
	line = gobudgetInt(line, int64(t.id))
	pid := 0
	if parent != nil {
		pid = parent.id
	}
	line = gobudgetInt(line, int64(pid))
	line = gobudgetField(line, kind)
	line = gobudgetField(line, c.name)
	line = gobudgetFunc(line, fn)
	gobudgetWrite(gobudgetAgent.fd, append(line, '\n'))
	gobudgetUnlock()
	// What only the record still held would count as in use.
	if kind != "fuzz" {
		t.fn = nil
	}
	if kind != "benchmark" {
		t.c = nil
	}
	c.gobudget = t
	if gobudgetAgent.alone && gobudgetWanted(c.name) {
		runtime.GC()
		runtime.GC()
		gobudgetHeapBefore()
		gobudgetAgent.heapBase = gobudgetHeapMark()
	}
	above := uintptr(0)
	if parent != nil {
		above = parent.block
	}
	t.sites = parent != nil && parent.sites || gobudgetNamed(c.name)
	t.block = gobudgetEnter(above, t.sites)
	gobudgetOn()
}

// gobudgetNamed: its sites were asked for.
func gobudgetNamed(name string) bool {
	all := gobudgetExplained()
	return all != "" && strings.Contains("\n"+all+"\n", "\n"+name+"\n")
}

// gobudgetFunc appends function, file and line of where a test's function begins.
func gobudgetFunc(b []byte, fn any) []byte {
	if fn != nil {
		if v := reflect.ValueOf(fn); v.Kind() == reflect.Func && !v.IsNil() {
			return gobudgetEntry(b, v.Pointer())
		}
	}
	return append(b, "\t\t\t0"...)
}

// gobudgetEntry appends function, file and line of where the function at pc begins.
func gobudgetEntry(b []byte, pc uintptr) []byte {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return append(b, "\t\t\t0"...)
	}
	file, line := f.FileLine(f.Entry())
	b = gobudgetField(b, f.Name())
	b = gobudgetField(b, file)
	return gobudgetInt(b, int64(line))
}

// gobudgetEnd writes a test's numbers as they are after its cleanups, and
// stops charging its goroutine.
//
//go:norace
func gobudgetEnd(c *common) {
	if !gobudgetAgent.on || c.name == "" {
		return
	}
	gobudgetOff()
	t := c.gobudget
	if t == nil {
		gobudgetRead(0, true)
		return
	}
	outcome := "pass"
	if c.Failed() {
		outcome = "fail"
	} else if c.Skipped() {
		outcome = "skip"
	}
	gobudgetEnded(t, outcome, int64(c.duration))
}

//go:norace
func gobudgetEnded(t *gobudgetTest, outcome string, ns int64) {
	if gobudgetAgent.alone && gobudgetWanted(t.name) {
		peak := gobudgetHeapPeak()
		t.line = append(t.line, strconv.Itoa(int(gobudgetAbove(peak)))...)
	}
	line := append(make([]byte, 0, 128), "end"...)
	line = gobudgetInt(line, int64(t.id))
	line = gobudgetField(line, outcome)
	line = gobudgetInt(line, ns)
	counts := gobudgetCounts(t.block, true)
	counts.bytes += t.bytes
	counts.objects += t.objs
	line = counts.append(line)
	gobudgetLock()
	t.ended = true
	if p := t.parent; p != nil {
		p.open--
		p.bytes += counts.bytes
		p.objs += counts.objects
	}
	gobudgetWrite(gobudgetAgent.fd, append(line, '\n'))
	gobudgetUnlock()
}

func gobudgetAbove(n uint64) int64 {
	return gobudgetMax(0, int64(n)-int64(gobudgetAgent.heapBase))
}

func gobudgetMax(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}

// gobudgetWanted: when run alone, the one test that -test.run names.
func gobudgetWanted(name string) bool {
	want := strings.NewReplacer("^", "", "$", "", `\`, "").Replace(*match)
	return name == want
}

// gobudgetExample runs an example, on the main goroutine.
//
//go:norace
func gobudgetExample(eg InternalExample) {
	a := &gobudgetAgent
	if !a.on {
		eg.F()
		return
	}
	c := &common{name: eg.Name}
	gobudgetBegin(c, "example", eg.F)
	a.example = c.gobudget
	a.depth = gobudgetSwap(0)
	defer gobudgetExampleBack()
	eg.F()
}

//go:norace
func gobudgetExampleBack() {
	gobudgetSwap(gobudgetAgent.depth)
	gobudgetSet(0)
}

// gobudgetExampleDone tells what its output was worth.
//
//go:norace
func gobudgetExampleDone(ok bool, ns int64) bool {
	if t := gobudgetAgent.example; t != nil {
		gobudgetAgent.example = nil
		outcome := "pass"
		if !ok {
			outcome = "fail"
		}
		gobudgetEnded(t, outcome, ns)
	}
	return ok
}

// gobudgetBenchEnd keeps what the longest run of a benchmark measured.
//
//go:norace
func gobudgetBenchEnd(b *B) {
	t := b.gobudget
	if t == nil {
		return
	}
	gobudgetOff()
	gobudgetRead(0, true)
	if !b.hasSub.Load() && b.N > 0 {
		t.line = append(t.line[:0], "bench"...)
		t.line = gobudgetInt(t.line, int64(t.id))
		t.line = gobudgetInt(t.line, int64(b.N))
		t.line = gobudgetInt(t.line, int64(b.duration))
		t.line = gobudgetInt(t.line, int64(b.netBytes))
		t.line = gobudgetInt(t.line, int64(b.netAllocs))
	}
	gobudgetSet(0)
}

// gobudgetBenchBegin moves the goroutine of each of a benchmark's runs into its block.
//
//go:norace
func gobudgetBenchBegin(b *B) {
	if t := b.gobudget; t != nil {
		gobudgetSwap(0)
		gobudgetSet(t.block)
		return
	}
	// Without a parent it is the root of all benchmarks, or testing.Benchmark in a test, whose
	// work is that test's.
	if b.parent == nil {
		return
	}
	gobudgetBegin(&b.common, "benchmark", b.benchFunc)
}

// gobudgetClose settles, writes the final numbers and ends the record.
//
//go:norace
func gobudgetClose() {
	a := &gobudgetAgent
	if !a.on || a.example != nil { // an example panics: this is not the end
		gobudgetOn()
		return
	}
	for t := a.last; t != nil; t = t.next {
		if t.kind == "benchmark" && !t.ended {
			outcome := "pass"
			if t.c.failed {
				outcome = "fail"
			} else if t.c.skipped {
				outcome = "skip"
			}
			gobudgetEnded(t, outcome, int64(t.c.duration))
		}
	}
	gobudgetSettle(a.settle)
	health := gobudgetCollected()
	if a.alone {
		for t := a.last; t != nil; t = t.next {
			if gobudgetWanted(t.name) && t.ended && t.kind != "benchmark" {
				runtime.GC()
				runtime.GC()
				inuse := gobudgetAbove(gobudgetHeapMark())
				peak := string(t.line)
				t.line = gobudgetInt(append(t.line[:0], "heap"...), int64(t.id))
				t.line = gobudgetInt(t.line, inuse)
				t.line = append(append(t.line, '\t'), peak...)
			}
		}
	}
	gobudgetFinals(gobudgetGroups())
	if !a.alone {
		gobudgetWrite(a.fd, gobudgetHealth(health))
	}
	gobudgetWrite(a.fd, []byte("done\n"))
	gobudgetOn()
}

// gobudgetFinals writes what every test has left, then the groups that say
// where it was created.
//
//go:norace
func gobudgetFinals(groups []byte) {
	a := &gobudgetAgent
	out := make([]byte, 0, 1<<16)
	for t := a.last; t != nil; t = t.next {
		t.bytes, t.objs = 0, 0
	}
	// Newest first: subtests come before their parents.
	for t := a.last; t != nil; t = t.next {
		counts := gobudgetCounts(t.block, false)
		counts.bytes += t.bytes
		counts.objects += t.objs
		if p := t.parent; p != nil {
			p.bytes += counts.bytes
			p.objs += counts.objects
		}
		if t.ended || t.hung {
			out = gobudgetInt(append(out, "final"...), int64(t.id))
			out = append(counts.append(out), '\n')
			if len(t.line) > 0 {
				out = append(append(out, t.line...), '\n')
			}
		}
		if len(out) > 1<<15 {
			gobudgetWrite(a.fd, out)
			out = out[:0]
		}
	}
	out = append(append(out, groups...), gobudgetSiteLines()...)
	counts := gobudgetCounts(0, false)
	out = append(counts.append(append(out, "package"...)), '\n')
	gobudgetWrite(a.fd, out)
}

// gobudgetParked says that a test's goroutine waits for its turn or for its subtests.
func gobudgetParked(stack string) bool {
	return strings.Contains(stack, "testing.(*T).Parallel\t") || strings.Contains(stack, "testing.(*T).Run\t") ||
		strings.Contains(stack, "testing.(*F).Fuzz\t") || strings.Contains(stack, "testing.(*B).Run\t")
}
