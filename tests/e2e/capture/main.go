// Service serves parcels with the sample's leaks in it, on a port, over TLS and on a socket; and
// below some paths it is a server that nobody wants to meet.
//
// It writes http, https (URLs), ca.pem and socket into the folder that it is given.
package main

import (
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"example.com/sample/events"
	"example.com/sample/scheduler"
)

var (
	shots  atomic.Int64
	worked atomic.Int64
	kept   [][]byte
	bus    = events.NewBus()
)

// work is what a request does: the pool's workers never end, the subscriber stays for ever.
func work(w http.ResponseWriter, r *http.Request) {
	if worked.Add(1) <= 50 {
		scheduler.NewPool(2)
		bus.Subscribe(func(events.Event) {})
	}
	w.Write([]byte("done\n"))
}

// grow leaks the same with each capture, whatever the time between them.
func grow(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("debug") == "" {
		shots.Add(1)
		scheduler.NewPool(4)
		kept = append(kept, make([]byte, 1<<20))
	}
	pprof.Handler("goroutine").ServeHTTP(w, r)
}

func authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if r.Header.Get("Authorization") == "Bearer sesame" ||
			(user == "prometheus" && password == "fire: thief") ||
			r.Header.Get("X-Key") == "open" {
			next.ServeHTTP(w, r)
			return
		}
		http.Error(w, "who are you?", http.StatusUnauthorized)
	})
}

func load(url string) {
	for i := 0; i < 100; i++ {
		resp, err := http.Get(url + "/work")
		if err != nil {
			log.Fatal(err)
		}
		resp.Body.Close()
	}
}

func write(dir, name, text string) {
	tmp := filepath.Join(dir, "."+name)
	if err := os.WriteFile(tmp, []byte(text), 0o666); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, name)); err != nil {
		log.Fatal(err)
	}
}

func main() {
	runtime.MemProfileRate = 1
	dir := os.Args[1]
	mux := http.NewServeMux()
	mux.HandleFunc("/work", work)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/grow/debug/pprof/goroutine", grow)
	mux.Handle("/grow/", http.StripPrefix("/grow", http.HandlerFunc(pprof.Index)))
	mux.Handle("/auth/", authorized(http.StripPrefix("/auth", http.HandlerFunc(pprof.Index))))
	hostile(mux)

	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	secret, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		log.Fatal(err)
	}
	go serveTLS(dir, secret, mux)
	go http.Serve(socket, mux)
	go http.Serve(plain, mux)
	url := "http://" + plain.Addr().String()
	done := make(chan bool)
	for i := 0; i < 2; i++ {
		go func() {
			load(url)
			done <- true
		}()
	}
	<-done
	<-done
	write(dir, "https", "https://"+secret.Addr().String())
	write(dir, "http", url)
	select {}
}
