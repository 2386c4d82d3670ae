package report

import "testing"

func metres(from, to int) int {
	return 500 + (from*31+to*17)%1000
}

// journey is one of 2,000 with 60 legs each.
func journey(seed int) Journey {
	j := make(Journey, 61)
	for i := range j {
		j[i] = seed + i*i
	}
	return j
}

func TestCost(t *testing.T) {
	j := journey(1)
	total := 0
	for i := 0; i < 2000; i++ {
		total += Cost(j, metres)
	}
	if total <= 2000*60*450 {
		t.Errorf("2,000 journeys cost %d", total)
	}
}

func TestFixedCost(t *testing.T) {
	j := journey(1)
	var s Scratch
	total := 0
	for i := 0; i < 2000; i++ {
		total += s.Cost(j, metres)
	}
	if want := 2000 * Cost(j, metres); total != want {
		t.Errorf("2,000 journeys cost %d, want %d", total, want)
	}
}

func TestShortJourney(t *testing.T) {
	flat := func(int, int) int { return 2000 }
	if got := Cost(Journey{1, 1, 2, 3}, flat); got != 3800 {
		t.Errorf("cost %d, want 3800", got)
	}
}
