package feeds

import "testing"

// followAll follows six depots, then stops each.
func followAll(t *testing.T, follow func(f *Feeds, depots []*Depot)) {
	t.Helper()
	var depots []*Depot
	for _, name := range []string{"Bath", "Hull", "Kent", "Leeds", "Wells", "York"} {
		depots = append(depots, NewDepot(name))
	}
	var f Feeds
	follow(&f, depots)
	if f.Following() != len(depots) {
		t.Errorf("following %d depots, want %d", f.Following(), len(depots))
	}
	for _, d := range depots {
		d.Report("P1 at " + d.Name)
		d.Stop()
	}
}

func TestFollow(t *testing.T) {
	followAll(t, (*Feeds).Follow)
}

func TestFixedFollow(t *testing.T) {
	followAll(t, (*Feeds).FixedFollow)
}
