package handlers

import (
	"bytes"
	"io"

	"example.com/sample/store"
)

// FixedRender is Render with a buffer that begins empty.
func FixedRender(w io.Writer, p store.Parcel) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	writePage(buf, p)
	_, err := w.Write(buf.Bytes())
	return err
}
