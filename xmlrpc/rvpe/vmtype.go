package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func typeMethods() []method {
	return []method{
		{name: "rvpe.vmtype.pool", help: "Retrieve information about vm type group", do: look(typePool)},
		{name: "rvpe.vmtype.ask_id", signature: "string", help: "Retrieve id of the given-named vm type", do: look(typeAskID)},
		{name: "rvpe.vmtype.info", signature: "int", help: "Retrieve information about the vm type", do: look(typeInfo)},
		{name: "rvpe.vmtype.allocate", signature: "string", help: "Allocates a new vm type", admin: true, do: change(typeAllocate)},
		{name: "rvpe.vmtype.delete", signature: "int", help: "Deletes a vm type from the vm type pool", admin: true, do: quietly(typeDelete)},
	}
}

func typePool(_ *Server, c *call) (any, error) {
	return document(func(w *writer) { list(w, "VMTYPE_POOL", rvpe.Types(c.Snap), writeType) }), nil
}

func typeAskID(_ *Server, c *call) (any, error) {
	t := rvpe.TypeNamed(c.Snap, c.Text(1))
	if t == nil {
		return nil, refuse("VMType[%s] is not found. ", c.Text(1))
	}
	return t.ID, nil
}

func typeInfo(_ *Server, c *call) (any, error) {
	t, ok := rvpe.TypeOf(c.Snap, c.Int(1))
	if !ok {
		return nil, refuse("VMType[%s] is not found.", c.Text(1))
	}
	return document(func(w *writer) { writeType(w, t) }), nil
}

func writeType(w *writer, t *rvpe.Type) {
	w.Open("VMTYPE")
	w.Int("ID", int64(t.ID))
	w.Text("NAME", t.Name)
	w.Int("CPU", int64(t.CPU))
	w.Int("MEMORY", int64(t.MemoryMiB))
	w.Int("WEIGHT", int64(t.Weight))
	w.Text("DESCRIPTION", t.Description)
	w.Close("VMTYPE")
}

func typeAllocate(tx *store.Tx, _ *Server, c *call) (any, error) {
	d, err := rvpe.ParseDefinition(c.Text(1))
	if err != nil {
		return nil, err
	}
	return rvpe.AllocateType(tx, d)
}

func typeDelete(tx *store.Tx, _ *Server, c *call) error { return rvpe.DeleteType(tx, c.Int(1)) }
