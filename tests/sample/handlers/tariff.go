package handlers

import (
	"bufio"
	"bytes"
	"io"
	"log"
)

// A Tariff is what is kept of a carrier's price list.
type Tariff struct {
	Carrier string
	Prices  int
}

// onExpire says what to do when a carrier's price list expires, by carrier.
var onExpire = map[string]func(){}

// LoadTariff reads a carrier's price list, one price to a line.
func LoadTariff(carrier string, r io.Reader, logger *log.Logger) (Tariff, error) {
	raw, err := io.ReadAll(r) // site: (c)
	if err != nil {
		return Tariff{}, err
	}
	t := Tariff{Carrier: carrier, Prices: countLines(raw)}
	onExpire[carrier] = func() { // bug: (c)
		logger.Printf("tariff of %s expired (%d bytes)", carrier, len(raw))
	}
	return t, nil
}

// ExpireTariffs drops every price list.
func ExpireTariffs() {
	for carrier, expire := range onExpire {
		expire()
		delete(onExpire, carrier)
	}
}

func countLines(raw []byte) int {
	n := 0
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		n++
	}
	return n
}
