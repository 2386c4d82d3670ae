// Parceld serves parcels over HTTP.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"example.com/sample/carrier"
	"example.com/sample/events"
	"example.com/sample/handlers"
	"example.com/sample/scheduler"
	"example.com/sample/store"
)

func main() {
	listen := flag.String("listen", "localhost:8080", "address to serve at")
	upstream := flag.String("carrier", "http://localhost:8081", "the carrier's server")
	flag.Parse()

	parcels := store.New()
	defer parcels.Close()
	pool := scheduler.NewPool(8)
	defer pool.Shutdown()
	bus := events.NewBus()
	defer bus.Subscribe(func(ev events.Event) { log.Print(ev.Parcel, ": ", ev.What) })()
	client := carrier.NewClient(*upstream)
	poller := carrier.NewPoller(func() {
		pool.Submit(func() {
			if !client.Healthy() {
				bus.Publish(events.Event{What: "carrier does not answer"})
			}
		})
	})
	poller.Start(time.Minute)
	defer poller.Stop()

	http.Handle("/parcels/", handlers.New(parcels))
	log.Print(http.ListenAndServe(*listen, nil))
}
