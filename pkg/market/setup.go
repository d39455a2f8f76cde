package market

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// Setup creates the default marketplaces (MarketPlacePool::MarketPlacePool).
func Setup(tx *store.Tx, s Settings) error {
	for id, text := range []string{
		"NAME=\"OpenNebula Public\"\nMARKET_MAD=one\nDESCRIPTION=\"OpenNebula Systems MarketPlace\"",
		"NAME=\"Linux Containers\"\nSTATE=DISABLED\nMARKET_MAD=linuxcontainers\n" +
			"DESCRIPTION=\"MarketPlace for the public image server fo LXC & LXD hosted at linuxcontainers.org\"",
	} {
		t, err := attr.Parse(text)
		if err != nil {
			return err
		}
		m := &Market{ZoneID: zone.LocalID}
		m.Own(one.Oneadmin())
		m.ID, m.Name, m.Perms = id, t.Get("NAME"), publicPerms
		t.Del("NAME")
		m.Template = t
		if err := m.configure(s); err != nil {
			return err
		}
		Kind.Put(tx, m)
	}
	return nil
}

// publicPerms allow everyone to use the default marketplaces.
const publicPerms object.Perms = 0o744
