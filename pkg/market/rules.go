package market

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// Allocate creates a marketplace (MarketPlacePool::allocate).
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template) (int, error) {
	m := &Market{ZoneID: zone.LocalID}
	m.Own(c)
	m.Name = t.Get("NAME")
	if err := object.CheckName(m.Name, ""); err != nil {
		return -1, cannotMarket("%v", err)
	}
	if other, taken := Kind.Named(tx, m.Name, c.UID); taken {
		return -1, cannotMarket("NAME is already taken by MARKETPLACE %d", other.ID)
	}
	t.Del("NAME")
	t.Del("ZONE_ID")
	m.Template = t
	if err := m.configure(s); err != nil {
		return -1, cannotMarket("%v", err)
	}
	return Kind.Add(tx, m)
}

// configure sets the driver and the first state.
func (m *Market) configure(s Settings) error {
	mad := m.Template.Get("MARKET_MAD")
	if mad == "" {
		return one.Errorf(one.CodeInternal, "No marketplace driver (MARKET_MAD) in template.")
	}
	if err := s.check(mad, m.Template); err != nil {
		return err
	}
	m.MAD = mad
	if state, known := one.ParseMarketState(m.Template.Get("STATE")); known {
		m.State = state
		m.Template.Del("STATE")
	}
	return nil
}

// check tells whether a template has the attributes that a driver requires.
func (s Settings) check(mad string, t attr.Template) error {
	conf, ok := s.named(mad)
	if !ok {
		return one.Errorf(one.CodeInternal, "MARKET_MAD_CONF named %q is not defined in oned.conf", mad)
	}
	for _, name := range conf.Required {
		if t.Get(name) == "" {
			return one.Errorf(one.CodeInternal, "MarketPlace template is missing the %q attribute or it's empty.", name)
		}
	}
	return nil
}

// Update serves one.market.update. MARKET_MAD can be changed, but not removed.
func Update(tx *store.Tx, s Settings, id int, text string, appendTo bool) error {
	return Kind.UpdateWith(tx, id, text, appendTo, func(old, m *Market) error {
		if mad := m.Template.Get("MARKET_MAD"); mad != "" {
			if err := s.check(mad, m.Template); err != nil {
				return err
			}
			m.MAD = mad
		}
		m.Template.Set("MARKET_MAD", m.MAD)
		return nil
	})
}

// Enable serves one.market.enable. The apps of a public marketplace are deleted when it is
// disabled, and listed again when it is enabled and monitored. Those of other marketplaces stay.
func Enable(tx *store.Tx, s Settings, id int, on bool) error {
	m, err := Kind.Edit(tx, id)
	if err != nil || on == (m.State == one.MarketEnabled) {
		return err
	}
	m.State = one.MarketEnabled
	if !on {
		m.State = one.MarketDisabled
	}
	Kind.Put(tx, m)
	if !on && s.mad(m.MAD).Public {
		forgetApps(tx, id)
	}
	return nil
}

// Delete deletes a marketplace that is empty or public.
func Delete(tx *store.Tx, s Settings, id int) error {
	m, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if _, some := AppsByMarket.First(tx, decimal(id)); some && !s.mad(m.MAD).Public {
		return one.Errorf(one.CodeAction, "Cannot delete marketplace. marketplace  %d is not empty.", id)
	}
	forgetApps(tx, id)
	Kind.Remove(tx, id)
	return nil
}

// forgetApps deletes the apps of a marketplace from the store, but not their files.
func forgetApps(tx *store.Tx, marketID int) {
	var ids []int
	for row := range AppsByMarket.Find(tx, decimal(marketID)) {
		ids = append(ids, row.Val.ID)
	}
	for _, id := range ids {
		drop(tx, id)
	}
}

func cannotMarket(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new marketplace. "+format, args...)
}
