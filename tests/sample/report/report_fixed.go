package report

// Scratch is room for the legs of one journey, used again for the next.
type Scratch struct {
	legs []Leg
}

// Cost is the function Cost, growing the scratch once for the longest journey.
func (s *Scratch) Cost(j Journey, distance func(from, to int) int) int {
	if cap(s.legs) < len(j) {
		s.legs = make([]Leg, 0, len(j))
	}
	legs := s.legs[:0]
	for i := 1; i < len(j); i++ {
		if j[i] == j[i-1] {
			continue
		}
		legs = append(legs, Leg{j[i-1], j[i], distance(j[i-1], j[i])})
	}
	return price(legs)
}
