// Package metrics sums up how long parcels take.
package metrics

// A Sink takes in measurements.
type Sink interface {
	Observe(v any)
}

// Summary is a Sink that keeps count and total.
type Summary struct {
	Count int
	Total float64
}

// Observe adds a measurement of any numeric type.
func (s *Summary) Observe(v any) {
	switch n := v.(type) {
	case float64:
		s.Total += n
	case int:
		s.Total += float64(n)
	default:
		return
	}
	s.Count++
}

// Transit hands every parcel's hours in transit to the sink.
func Transit(hours []float64, sink Sink) {
	for _, h := range hours {
		sink.Observe(h) // bug: (h)
	}
}
