package quick

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"testing"
	"time"
)

func TestSignalNotify(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() { <-ctx.Done() }()
	stop()
}

func TestExec(t *testing.T) {
	var out bytes.Buffer
	cmd := exec.Command("cat")
	cmd.Stdin = strings.NewReader("hello")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil || out.String() != "hello" {
		t.Fatal(err, out.String())
	}
}

func TestExecKilled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	cancel()
}

// The child goes on after the test, and somebody waits for it.
func TestExecOutlivesTheTest(t *testing.T) {
	cmd := exec.Command("sleep", "0.2")
	cmd.Stdout = io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = cmd.Wait() }()
}

func TestProfiles(t *testing.T) {
	if err := pprof.StartCPUProfile(io.Discard); err == nil {
		time.Sleep(time.Millisecond)
		pprof.StopCPUProfile()
	}
	if err := trace.Start(io.Discard); err == nil {
		trace.Stop()
	}
}

type noDriver struct{}

func (noDriver) Open(string) (driver.Conn, error) { return nil, errors.New("no database") }

// sql.Open starts a goroutine that opens connections.
func TestDatabase(t *testing.T) {
	sql.Register("none", noDriver{})
	db, err := sql.Open("none", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if db.Ping() == nil {
		t.Fatal("a connection")
	}
}

func TestBenchmarkInside(t *testing.T) {
	testing.Benchmark(func(b *testing.B) {
		if b.N > 10 {
			b.SkipNow()
		}
	})
}
