package handlers

import (
	"bytes"
	"io"
	"log"
	"strings"
	"testing"
)

type loader func(carrier string, r io.Reader, logger *log.Logger) (Tariff, error)

// loadAll loads price lists of 2 MiB from four carriers.
func loadAll(t *testing.T, load loader) {
	t.Helper()
	const prices = 2 << 20 / 16
	list := strings.Repeat("A5 100g   4.20\r\n", prices)
	logger := log.New(io.Discard, "", 0)
	for _, carrier := range []string{"north", "east", "south", "west"} {
		tariff, err := load(carrier, strings.NewReader(list), logger)
		if err != nil {
			t.Fatal(err)
		}
		if tariff.Prices != prices {
			t.Fatalf("%s: %d prices, want %d", carrier, tariff.Prices, prices)
		}
	}
}

func TestLoadTariff(t *testing.T) {
	loadAll(t, LoadTariff)
}

func TestFixedLoadTariff(t *testing.T) {
	loadAll(t, FixedLoadTariff)
}

func TestExpireTariffs(t *testing.T) {
	ExpireTariffs()
	var out bytes.Buffer
	if _, err := FixedLoadTariff("north", strings.NewReader("A5 4.20\n"), log.New(&out, "", 0)); err != nil {
		t.Fatal(err)
	}
	ExpireTariffs()
	if got, want := out.String(), "tariff of north expired (8 bytes)\n"; got != want {
		t.Errorf("logged %q, want %q", got, want)
	}
	if len(onExpire) != 0 {
		t.Errorf("%d price lists left", len(onExpire))
	}
}
