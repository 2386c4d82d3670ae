package handlers

import (
	"io"
	"log"
)

// FixedLoadTariff is LoadTariff with a closure that keeps the number, not the list.
func FixedLoadTariff(carrier string, r io.Reader, logger *log.Logger) (Tariff, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return Tariff{}, err
	}
	t := Tariff{Carrier: carrier, Prices: countLines(raw)}
	size := len(raw)
	onExpire[carrier] = func() {
		logger.Printf("tariff of %s expired (%d bytes)", carrier, size)
	}
	return t, nil
}
