// Package handlers answers HTTP requests about parcels.
package handlers

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"example.com/sample/store"
)

// Handler shows parcels from a store.
type Handler struct {
	store  *store.Store
	render func(w io.Writer, p store.Parcel) error
}

// New returns a handler for everything below /parcels/.
func New(s *store.Store) *Handler {
	return &Handler{store: s, render: FixedRender}
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
		return
	}
	p, err := h.store.Get(strings.TrimPrefix(r.URL.Path, "/parcels/"))
	if errors.Is(err, store.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := h.render(w, p); err != nil {
		http.Error(w, "cannot render", http.StatusInternalServerError)
	}
}
