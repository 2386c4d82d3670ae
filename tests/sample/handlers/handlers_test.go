package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/sample/store"
)

func TestHandler(t *testing.T) {
	s := store.New()
	defer s.Close()
	s.Put(store.Parcel{ID: "P1", Status: "in transit", Stops: []string{"Leeds", "York"}})
	h := New(s)
	for _, c := range []struct {
		name, method, path string
		status             int
		body               string
	}{
		{"found", http.MethodGet, "/parcels/P1", http.StatusOK, "<li>York</li>"},
		{"missing", http.MethodGet, "/parcels/P2", http.StatusNotFound, "not found"},
		{"method", http.MethodPost, "/parcels/P1", http.StatusMethodNotAllowed, "only GET"},
	} {
		c := c
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("body %q lacks %q", w.Body, c.body)
			}
		})
	}
}
