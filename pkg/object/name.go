package object

import (
	"cmp"
	"iter"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// MaxName is the longest name, in bytes.
const MaxName = 128

// bannedInNames are characters that no name may have (INVALID_NAME_CHARS).
const bannedInNames = "&|:\\\";/'#{}$<>\t\n\v\f\r"

// CheckName tells what is wrong with a name, in oned's words.
func CheckName(name, banned string) error {
	if name == "" {
		return one.Errorf(one.CodeInternal, "Invalid NAME, it cannot be empty")
	}
	if i := strings.IndexAny(name, bannedInNames+banned); i >= 0 {
		return one.Errorf(one.CodeInternal, "Invalid NAME, char '%c' is not allowed", name[i])
	}
	if len(name) > MaxName {
		return one.Errorf(one.CodeInternal, "Invalid NAME, max length is %d chars", MaxName)
	}
	return nil
}

// CheckName tells whether an object that is not there yet may have its name:
// for kinds that look at the name before they look at the rest.
func (k *Kind[T]) CheckName(r store.Reader, h *Meta) error { return k.checkName(r, h, h.Name) }

// checkName tells whether an object may be called name.
func (k *Kind[T]) checkName(r store.Reader, h *Meta, name string) error {
	if err := h.CheckName(name, k.NameBans); err != nil {
		return err
	}
	if other, taken := k.taken(r, h, name); taken {
		return one.Errorf(one.CodeInternal, "NAME is already taken by %s %d.", cmp.Or(k.Called, k.Kind.String()), other)
	}
	return nil
}

// CheckName is CheckName for the name of this object. OpenNebula 2.2 took any name;
// what comes from there keeps it.
func (m *Meta) CheckName(name, banned string) error {
	if m.Legacy != nil && name != "" {
		return nil
	}
	return CheckName(name, banned)
}

// taken tells which object stands against a name.
func (k *Kind[T]) taken(r store.Reader, h *Meta, name string) (id int, yes bool) {
	for other := range k.claims(r, h, name) {
		return other.ID, true
	}
	return -1, false
}

// claims walks the objects that keep the owner of h from a name.
func (k *Kind[T]) claims(r store.Reader, h *Meta, name string) iter.Seq[*Meta] {
	return func(yield func(*Meta) bool) {
		if k.Names == NamesFree {
			return
		}
		for row := range k.ByName.Find(r, name) {
			other := k.head(row.Val)
			if (k.Names == NamesGlobal || other.UID == h.UID) && !yield(other) {
				return
			}
		}
	}
}

// Namesakes implements Any.
func (k *Kind[T]) Namesakes(r store.Reader, h *Meta) (ids []int) {
	for other := range k.claims(r, h, h.Name) {
		if other.ID != h.ID {
			ids = append(ids, other.ID)
		}
	}
	return ids
}

// Named finds an object by name; among several owners' the given one's.
func (k *Kind[T]) Named(r store.Reader, name string, uid int) (*T, bool) {
	for row := range k.ByName.Find(r, name) {
		if k.Names == NamesGlobal || k.head(row.Val).UID == uid {
			return row.Val, true
		}
	}
	return nil, false
}

func decimal(n int) string { return strconv.Itoa(n) }
