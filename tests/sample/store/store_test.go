package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
)

func parcels(prefix string, n int) []Parcel {
	list := make([]Parcel, n)
	for i := range list {
		list[i] = Parcel{ID: fmt.Sprintf("%s%03d", prefix, i), Status: "accepted"}
	}
	return list
}

func TestStore(t *testing.T) {
	s := New()
	defer s.Close()
	s.Put(Parcel{ID: "B", Status: "accepted"})
	s.Put(Parcel{ID: "A", Status: "delivered"})
	if got, want := s.IDs(), []string{"A", "B"}; !reflect.DeepEqual(got, want) {
		t.Errorf("IDs() = %v, want %v", got, want)
	}
	if p, err := s.Get("A"); err != nil || p.Status != "delivered" {
		t.Errorf("Get(A) = %v, %v", p, err)
	}
	if _, err := s.Get("C"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get(C): %v, want ErrNotFound", err)
	}
}

func TestImport(t *testing.T) {
	s := New()
	defer s.Close()
	for day := 0; day < 6; day++ {
		if err := s.Import(parcels(fmt.Sprint("D", day, "-"), 20)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.IDs()); n != 120 {
		t.Errorf("%d parcels, want 120", n)
	}
}

func TestFixedImport(t *testing.T) {
	s := New()
	defer s.Close()
	for day := 0; day < 6; day++ {
		if err := s.FixedImport(parcels(fmt.Sprint("D", day, "-"), 20)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.IDs()); n != 120 {
		t.Errorf("%d parcels, want 120", n)
	}
	if err := s.FixedImport([]Parcel{{Status: "lost"}}); err == nil {
		t.Error("a parcel without an ID was taken")
	}
}
