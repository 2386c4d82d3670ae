package handlers

import (
	"io"
	"strings"
	"testing"

	"example.com/sample/store"
)

type renderer func(w io.Writer, p store.Parcel) error

type counter struct{ bytes, pages int }

func (c *counter) Write(page []byte) (int, error) {
	c.bytes += len(page)
	c.pages++
	return len(page), nil
}

// renderAll shows a page of about 4 KiB to 2,000 customers.
func renderAll(t *testing.T, render renderer) {
	t.Helper()
	const customers = 2000
	p := store.Parcel{ID: "P1", Status: "in transit"}
	for i := 0; i < 100; i++ {
		p.Stops = append(p.Stops, strings.Repeat("depot ", 5))
	}
	var out counter
	for i := 0; i < customers; i++ {
		if err := render(&out, p); err != nil {
			t.Fatal(err)
		}
	}
	if out.pages != customers || out.bytes%customers != 0 {
		t.Errorf("%d pages of %d bytes in all", out.pages, out.bytes)
	}
}

func TestRender(t *testing.T) {
	renderAll(t, Render)
}

func TestFixedRender(t *testing.T) {
	renderAll(t, FixedRender)
}
