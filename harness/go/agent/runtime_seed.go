// Constant hash seeds.  Appended to wherever a Go version keeps them.

package runtime

// gobudgetSeed takes chance out of map hashing: the order in which maps grow
// decides who pays for a bucket.
func gobudgetSeed() {
	for i := range hashkey {
		hashkey[i] = uintptr(i+1)*0x61c88647 | 1
	}
	for i := range aeskeysched {
		aeskeysched[i] = byte(i*37 + 11)
	}
}
