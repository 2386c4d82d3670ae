// Package suite finds its tests by reflection, as suites do.
package suite

import (
	"reflect"
	"strings"
	"testing"

	"example.com/shapes/use"
)

type suite struct {
	t    *testing.T
	stop chan struct{}
}

func (s *suite) SetupTest()    { s.stop = make(chan struct{}); go func(c chan struct{}) { <-c }(s.stop) }
func (s *suite) TearDownTest() { close(s.stop) }

func (s *suite) TestLeaves()  { use.Leave(2) }
func (s *suite) TestSpends()  { use.Spend(1 << 20) }
func (s *suite) TestNothing() {}

func run(t *testing.T, s *suite) {
	v := reflect.ValueOf(s)
	for i := 0; i < v.NumMethod(); i++ {
		name := v.Type().Method(i).Name
		if !strings.HasPrefix(name, "Test") {
			continue
		}
		method := v.Method(i)
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.SetupTest()
			defer s.TearDownTest()
			method.Call(nil)
		})
	}
}

func TestSuite(t *testing.T) { run(t, new(suite)) }
