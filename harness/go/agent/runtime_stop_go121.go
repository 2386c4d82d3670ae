// How Go 1.21 stops the world.

package runtime

func gobudgetStop()  { stopTheWorld(stwAllGoroutinesStack) }
func gobudgetStart() { startTheWorld() }
