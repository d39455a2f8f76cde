package zone

import (
	"encoding/xml"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// document is a zone as one.zone.info writes it.
type document struct {
	XMLName  xml.Name `xml:"ZONE"`
	ID       *int     `xml:"ID"`
	Name     string   `xml:"NAME"`
	State    int      `xml:"STATE"`
	Template *part    `xml:"TEMPLATE"`
	Servers  *part    `xml:"SERVER_POOL"`
}

type part struct {
	Inner string `xml:",innerxml"`
}

// Replace serves one.zone.updatedb: the zone becomes what a document says.
func Replace(tx *store.Tx, id int, text string) error {
	z, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	var d document
	unread := one.Errorf(one.CodeInternal, "Cannot update object from XML")
	if xml.Unmarshal([]byte(text), &d) != nil || d.ID == nil || d.Template == nil || d.Servers == nil {
		return unread
	}
	t, err := attr.Parse("<TEMPLATE>" + d.Template.Inner + "</TEMPLATE>")
	if err != nil {
		return unread
	}
	servers, err := attr.Parse("<SERVER_POOL>" + d.Servers.Inner + "</SERVER_POOL>")
	if err != nil {
		return unread
	}
	if *d.ID != id {
		return one.Errorf(one.CodeInternal, "Consistency check failed")
	}
	z.Name, z.Disabled, z.Template, z.Servers = d.Name, d.State != 0, t, servers
	Kind.Put(tx, z)
	return nil
}
