// Package observes has tests that look at the runtime: they must see what
// they see under plain go test.
package observes

import (
	"bytes"
	"flag"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
)

var (
	small *[64]byte
	large []byte
)

func TestAllocsPerRun(t *testing.T) {
	for _, c := range []struct {
		name string
		want float64
		f    func()
	}{
		{"none", 0, func() {}},
		{"one", 1, func() { small = new([64]byte) }},
		{"two", 2, func() { small = new([64]byte); large = make([]byte, 4096) }},
	} {
		if got := testing.AllocsPerRun(100, c.f); got != c.want {
			t.Errorf("%s: %v allocations, want %v", c.name, got, c.want)
		}
	}
}

func TestNumGoroutine(t *testing.T) {
	if n := runtime.NumGoroutine(); n != 2 {
		t.Errorf("%d goroutines, want 2", n)
	}
}

func TestStacks(t *testing.T) {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	if n := strings.Count("\n"+string(buf), "\ngoroutine "); n != 2 {
		t.Errorf("%d goroutines, want 2:\n%s", n, buf)
	}
}

func TestProfile(t *testing.T) {
	var out bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&out, 1); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "goroutine profile: total 2\n") {
		t.Error(out.String())
	}
}

func TestMemStats(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	large = make([]byte, 1<<20)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n < 1<<20 || n > 1<<20+4096 {
		t.Errorf("%d bytes, want %d", n, 1<<20)
	}
}

func TestCaller(t *testing.T) {
	if _, file, line, ok := runtime.Caller(0); !ok || !strings.HasSuffix(file, "observes_test.go") || line != 71 {
		t.Error(file, line, ok)
	}
}

func TestBenchmark(t *testing.T) {
	if err := flag.Set("test.benchtime", "2000x"); err != nil {
		t.Fatal(err)
	}
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; i < b.N; i++ {
			small = new([64]byte)
		}
	})
	if r.N == 0 || r.AllocsPerOp() != 1 || r.AllocedBytesPerOp() < 64 || r.AllocedBytesPerOp() > 80 {
		t.Error(r, r.MemString())
	}
}

func TestEnvironment(t *testing.T) {
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "GOBUDGET_AGENT") {
			t.Error(kv)
		}
	}
	for _, name := range []string{"GOTOOLCHAIN", "GOEXPERIMENT", "GOFLAGS", "GOROOT"} {
		if v, ok := os.LookupEnv(name); ok {
			t.Logf("%s=%s", name, v)
		}
	}
	if strings.Contains(runtime.GOROOT(), "gobudget") {
		t.Error(runtime.GOROOT())
	}
	if path := os.Getenv("PATH"); !strings.HasPrefix(path, runtime.GOROOT()+"/bin:") {
		t.Error(path)
	}
}
