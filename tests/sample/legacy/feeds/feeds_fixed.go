package feeds

// FixedFollow is Follow with a variable for each turn of the loop.
func (f *Feeds) FixedFollow(depots []*Depot) {
	open := make(chan struct{})
	for _, d := range depots {
		d := d
		go func() {
			<-open
			f.follow(d)
		}()
		f.following++
	}
	close(open)
}
