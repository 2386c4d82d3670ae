package main

import (
	"compress/gzip"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"
)

// waited is what Go prints after minutes that no test wants to wait.
const waited = `goroutine 1 [IO wait, 12 minutes]:
main.main()
	/srv/main.go:9 +0x25

goroutine 7 [chan receive, 12 minutes]:
example.com/shop/store.(*Cache).watch(0xc000010000)
	/srv/store/cache.go:41 +0x30
created by example.com/shop/store.Open in goroutine 1
	/srv/store/cache.go:20 +0x44

goroutine 8 [select, 3 minutes]:
example.com/shop/store.(*Cache).watch(0xc000010000)
	/srv/store/cache.go:45 +0x30
created by example.com/shop/store.Open in goroutine 1
	/srv/store/cache.go:20 +0x44

goroutine 9 [sync.Mutex.Lock, 1500 minutes]:
sync.(*Mutex).Lock(...)
	/usr/local/go/src/sync/mutex.go:46
example.com/shop/web.handle({0x1, 0x2})
	/srv/web/web.go:5 +0x30
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3086 +0x5cb
`

func forever(w http.ResponseWriter, block []byte) {
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	forever(w, make([]byte, 1<<20))
}

// A small body that becomes a large one.
func bomb(w http.ResponseWriter, r *http.Request) {
	z := gzip.NewWriter(w)
	block := make([]byte, 1<<20)
	for i := 0; i < 700; i++ {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
	z.Close()
}

func slow(w http.ResponseWriter, r *http.Request) {
	for {
		w.Write([]byte("."))
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func waiting(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("debug") == "2" {
		w.Write([]byte(waited))
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/goroutine") {
		http.NotFound(w, r)
		return
	}
	pprof.Handler("goroutine").ServeHTTP(w, r)
}

func say(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		w.Write([]byte(text))
	}
}

func hostile(mux *http.ServeMux) {
	mux.HandleFunc("/endless/", endless)
	mux.HandleFunc("/bomb/", bomb)
	mux.HandleFunc("/slow/", slow)
	mux.HandleFunc("/waited/", waiting)
	mux.HandleFunc("/forbidden/", say(403, "no"))
	mux.HandleFunc("/broken/", say(500, "oops"))
	mux.HandleFunc("/page/", say(200, "<html>a page</html>"))
	mux.HandleFunc("/empty/", say(200, ""))
	mux.HandleFunc("/none/", say(404, "nothing"))
	mux.HandleFunc("/moved/", func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/moved")
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	})
	mux.HandleFunc("/loop/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	})
	mux.HandleFunc("/elsewhere/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://evil.example/debug/pprof/goroutine", http.StatusFound)
	})
}
