package carrier

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

type poller interface {
	Start(every time.Duration)
	Stop()
}

// watch lets four pollers see three ticks each.
func watch(t *testing.T, start func(check func()) poller) {
	t.Helper()
	ticks := make(chan struct{}, 100)
	for i := 0; i < 4; i++ {
		p := start(func() {
			select {
			case ticks <- struct{}{}:
			default:
			}
		})
		p.Start(2 * time.Millisecond)
		for n := 0; n < 3; n++ {
			<-ticks
		}
		p.Stop()
	}
}

func TestPoller(t *testing.T) {
	watch(t, func(check func()) poller { return NewPoller(check) })
}

func TestFixedPoller(t *testing.T) {
	watch(t, func(check func()) poller { return NewFixedPoller(check) })
}

// serve answers every request with a short body.
func serve(t *testing.T) *Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "all lorries on the road\n")
	}))
	t.Cleanup(srv.Close)
	c := NewClient(srv.URL)
	t.Cleanup(c.Close)
	return c
}

func TestHealthy(t *testing.T) {
	c := serve(t)
	for i := 0; i < 5; i++ {
		if !c.Healthy() {
			t.Fatalf("check %d: not healthy", i)
		}
	}
}

func TestFixedHealthy(t *testing.T) {
	c := serve(t)
	for i := 0; i < 5; i++ {
		if !c.FixedHealthy() {
			t.Fatalf("check %d: not healthy", i)
		}
	}
}

func TestUnreachable(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	c := NewClient(srv.URL)
	defer c.Close()
	if c.FixedHealthy() {
		t.Error("404 is healthy")
	}
	srv.Close()
	if c.FixedHealthy() {
		t.Error("a closed server is healthy")
	}
}
