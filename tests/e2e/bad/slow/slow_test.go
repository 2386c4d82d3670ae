// Package slow has tests that stand still for a while and pass: none is hung.
package slow

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestSleep(t *testing.T) { time.Sleep(3 * time.Second) }

func TestTimer(t *testing.T) {
	never := make(chan int)
	select {
	case <-never:
	case <-time.After(1200 * time.Millisecond):
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 1200*time.Millisecond)
	defer cancel()
	<-ctx.Done()
}

func TestCond(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	rung := false
	time.AfterFunc(1200*time.Millisecond, func() {
		mu.Lock()
		rung = true
		mu.Unlock()
		c.Broadcast()
	})
	mu.Lock()
	for !rung {
		c.Wait()
	}
	mu.Unlock()
}

// TestIO waits for another process to speak.
func TestIO(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		accepted <- c
	}()
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	in := <-accepted
	defer in.Close()
	in.SetReadDeadline(time.Now().Add(1200 * time.Millisecond))
	if _, err := in.Read(make([]byte, 1)); !os.IsTimeout(err) {
		t.Fatal(err)
	}
}

func TestChild(t *testing.T) {
	if err := exec.Command("sleep", "1.2").Run(); err != nil {
		t.Fatal(err)
	}
}

func TestPipe(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sleep 1.2; echo done")
	out, err := cmd.Output()
	if err != nil || string(out) != "done\n" {
		t.Fatal(string(out), err)
	}
}

// TestSystemCall waits in the kernel, where the runtime cannot see it.
func TestSystemCall(t *testing.T) {
	ts := syscall.Timespec{Sec: 1, Nsec: 200_000_000}
	syscall.Nanosleep(&ts, nil)
}

// TestNotified waits for a signal that another process sends.
func TestNotified(t *testing.T) {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGUSR2)
	defer signal.Stop(got)
	cmd := exec.Command("sh", "-c", "sleep 1.2; kill -USR2 $PPID")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-got
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestParallel(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			time.Sleep(1200 * time.Millisecond)
		})
	}
}
