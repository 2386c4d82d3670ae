package handlers

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"example.com/sample/store"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes the parcel's page in one piece, so that a slow client never
// sees half of it.
func Render(w io.Writer, p store.Parcel) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	start := buf.Len()
	writePage(buf, p) // bug: (i)
	_, err := w.Write(buf.Bytes()[start:])
	return err
}

func writePage(buf *bytes.Buffer, p store.Parcel) {
	fmt.Fprintf(buf, "<h1>Parcel %s</h1>\n<p>%s</p>\n<ol>\n", p.ID, p.Status)
	for _, stop := range p.Stops {
		buf.WriteString("<li>")
		buf.WriteString(stop) // site: (i)
		buf.WriteString("</li>\n")
	}
	buf.WriteString("</ol>\n")
}
