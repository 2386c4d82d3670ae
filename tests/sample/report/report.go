// Package report works out what parcels cost on their way.
package report

// A Leg is the way between two depots.
type Leg struct {
	From, To int
	Metres   int
}

// Journey is a parcel's way as depots noted it, with depots seen twice in it.
type Journey []int

// Cost sums up the legs of a journey.  Most have at most eight legs, which
// fit on the stack.
func Cost(j Journey, distance func(from, to int) int) int {
	var few [8]Leg
	legs := few[:0]
	for i := 1; i < len(j); i++ {
		if j[i] == j[i-1] {
			continue
		}
		legs = append(legs, Leg{j[i-1], j[i], distance(j[i-1], j[i])}) // bug: (g)
	}
	return price(legs)
}

// price takes a discount from every leg after a long one.
func price(legs []Leg) int {
	total := 0
	for i, leg := range legs {
		cost := leg.Metres
		if i > 0 && legs[i-1].Metres > 1000 {
			cost -= cost / 10
		}
		total += cost
	}
	return total
}
