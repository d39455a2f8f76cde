package zone

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Enable serves one.zone.enable. While its zone is disabled the server answers
// what is, and changes nothing.
func Enable(tx *store.Tx, id int, enable bool) error {
	z, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	z.Disabled = !enable
	Kind.Put(tx, z)
	return nil
}

// IsDisabled tells whether this server's own zone is disabled.
func IsDisabled(r store.Reader) bool {
	z, ok := Kind.Table.Get(r, store.ID(LocalID))
	return ok && z.Disabled
}

// Delete refuses: no zone but the own one is ever here.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	return one.Errorf(one.CodeAction, "Cannot delete zone. System Zones (ID < %d) cannot be deleted.", Kind.First)
}

// AddServer writes a server of the zone down. As in oned a server that stands
// alone does not begin to lead by that.
func AddServer(tx *store.Tx, id int, text string) error {
	t, err := object.ParseTemplate(text)
	if err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	server := t.Vector("SERVER")
	switch {
	case server == nil:
		return one.Errorf(one.CodeAction, "SERVER not found in template")
	case server.Get("NAME") == "":
		return one.Errorf(one.CodeAction, "Missing NAME in SERVER")
	case server.Get("ENDPOINT") == "" && server.Get("ENDPOINT_GRPC") == "":
		return one.Errorf(one.CodeAction, "Missing ENDPOINT or ENDPOINT_GRPC in SERVER")
	}
	z, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	added := server.Clone()
	added.Set("ID", strconv.Itoa(z.nextServer()))
	z.Servers.Add(added)
	Kind.Put(tx, z)
	return nil
}

// nextServer is one more than the highest ID of a server.
func (z *Zone) nextServer() int {
	next := 0
	for _, s := range z.Servers.Vectors("SERVER") {
		if id, ok := s.Int("ID"); ok && id >= next {
			next = id + 1
		}
	}
	return next
}

// DelServer takes a server out of the list.
func DelServer(tx *store.Tx, id, serverID int) error {
	z, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	dropped := z.Servers.DelFunc(func(s *attr.Attr) bool { n, ok := s.Int("ID"); return ok && n == serverID })
	if dropped == 0 {
		return one.Errorf(one.CodeAction, "SERVER not found in zone")
	}
	Kind.Put(tx, z)
	return nil
}
