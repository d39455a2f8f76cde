package rvpe

import "github.com/renkei-vpe/renkei/pkg/store"

// Type is a type of VM: its size, and its weight in quotas.
type Type struct {
	ID          int    `cbor:"1,keyasint"`
	Name        string `cbor:"2,keyasint"`
	CPU         int    `cbor:"3,keyasint"`
	MemoryMiB   int    `cbor:"4,keyasint"`
	Weight      int    `cbor:"5,keyasint"`
	Description string `cbor:"6,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (t *Type) Clone() *Type { c := *t; return &c }

var (
	typesByName = store.NewIndex(func(t *Type) []string { return []string{t.Name} })
	types       = store.NewTable("rvpe_vmtype", typesByName)
)

// Types lists all types.
func Types(r store.Reader) []*Type { return all(r, types) }

// TypeOf finds a type.
func TypeOf(r store.Reader, id int) (*Type, bool) { return types.Get(r, store.ID(id)) }

// TypeNamed finds a type by its name, nil when there is none.
func TypeNamed(r store.Reader, name string) *Type { return last(r, typesByName, name) }

// typeBy finds a type by its name or its ID.
func typeBy(r store.Reader, text string) *Type { return byNameOrID(r, types, typesByName, text) }

// AllocateType creates a type from a definition.
func AllocateType(tx *store.Tx, d Definition) (int, error) {
	const in = "VM Type"
	t := &Type{Description: d.text("DESCRIPTION")}
	name, ok := d.Text("NAME")
	if !ok {
		return -1, refuse("Specify NAME in %s file.", in)
	}
	if TypeNamed(tx, name) != nil {
		return -1, refuse("VMType[%s] already exists.", name)
	}
	t.Name = name
	for _, number := range []struct {
		key string
		to  *int
	}{{"CPU", &t.CPU}, {"MEMORY", &t.MemoryMiB}, {"WEIGHT", &t.Weight}} {
		n, err := d.digits(number.key, in)
		if err != nil {
			return -1, err
		}
		*number.to = n
	}
	t.ID = tx.Next(types.Name(), firstID)
	types.Put(tx, store.ID(t.ID), t)
	return t.ID, nil
}

// DeleteType deletes a type. Existing VMs of that type keep their size.
func DeleteType(tx *store.Tx, id int) error {
	if _, ok := TypeOf(tx, id); !ok {
		return refuse("VMType[%d] does not exist.", id)
	}
	types.Delete(tx, store.ID(id))
	return nil
}
