package metrics

// A FloatSink takes in measurements without boxing them.
type FloatSink interface {
	ObserveFloat(v float64)
}

// ObserveFloat adds a measurement.
func (s *Summary) ObserveFloat(v float64) {
	s.Total += v
	s.Count++
}

// FixedTransit is Transit for a sink that takes numbers as they are.
func FixedTransit(hours []float64, sink FloatSink) {
	for _, h := range hours {
		sink.ObserveFloat(h)
	}
}
