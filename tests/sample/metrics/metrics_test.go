package metrics

import "testing"

func measured() []float64 {
	hours := make([]float64, 100_000)
	for i := range hours {
		hours[i] = 12.5 + float64(i%48)
	}
	return hours
}

func TestTransit(t *testing.T) {
	var s Summary
	Transit(measured(), &s)
	if s.Count != 100_000 || s.Total < 1e6 {
		t.Errorf("summary %+v", s)
	}
}

func TestFixedTransit(t *testing.T) {
	var s Summary
	FixedTransit(measured(), &s)
	if s.Count != 100_000 || s.Total < 1e6 {
		t.Errorf("summary %+v", s)
	}
}

func TestObserve(t *testing.T) {
	var s Summary
	s.Observe(2)
	s.Observe(0.5)
	s.Observe("late")
	if s.Count != 2 || s.Total != 2.5 {
		t.Errorf("summary %+v", s)
	}
}
