package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// UpdateAR serves one.vn.update_ar: it replaces the attributes of a range, except for its first
// addresses and its type. If attributes change that NICs have copied, the VMs are listed as
// outdated.
func UpdateAR(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	n, err := ready(tx, id, "Could not execute one.vn.update_ar")
	if err != nil {
		return err
	}
	if err := MayUseVLANs(tx, c, t, n.TemplateID); err != nil {
		return err
	}
	v := t.Vector("AR")
	if v == nil {
		return wrong("Wrong AR definition. AR vector attribute is missing.")
	}
	arID, ok := v.Int("AR_ID")
	if !ok {
		return wrong("AR/AR_ID attribute is missing.")
	}
	a, ok := n.ar(arID)
	if !ok {
		return wrong("Address Range with ID %d was not found.", arID)
	}
	to := v.Clone()
	if err := a.keepRestricted(s, c, &to); err != nil {
		return err
	}
	old := a.Attrs.Clone()
	if err := a.replace(tx, n.ID, to); err != nil {
		return err
	}
	n.outdate(tx, vmsInRange(tx, n.ID, arID), changed(&old, &a.Attrs, s.Inherit))
	Kind.Put(tx, n)
	return nil
}

// keepRestricted keeps the attributes that only administrators may change, and refuses other
// values for them.
func (a *AR) keepRestricted(s Settings, c *one.Caller, to *attr.Attr) error {
	if c.IsAdmin() {
		return nil
	}
	for _, p := range to.Vector {
		only := attr.NewVector("AR", p)
		if key := restrictedIn(s, &only); key != "" && a.Attrs.Get(key) != p.Value {
			return wrong("AR includes a restricted attribute %s", key)
		}
	}
	for _, p := range a.Attrs.Vector {
		only := attr.NewVector("AR", p)
		if restrictedIn(s, &only) != "" {
			to.Set(p.Key, p.Value)
		}
	}
	return nil
}

// derived are attributes that are computed when a range is shown, or kept elsewhere; an update
// ignores them.
var derived = []string{
	"USED_LEASES", "LEASES", "NEXT_INDEX", "MAC_END", "IP_END", "IP6_END",
	"IP6_ULA", "IP6_ULA_END", "IP6_GLOBAL", "IP6_GLOBAL_END", "PARENT_NETWORK",
}

// keptKeys are attributes that an update leaves as they are.
var keptKeys = []string{"AR_ID", "TYPE", "SHARED", "MAC", "IP", "IP6", "IPAM_MAD", parentAR}

// replace gives the range the attributes of an update (AddressRange::update_attributes).
func (a *AR) replace(r store.Reader, vnet int, to attr.Attr) error {
	for _, key := range derived {
		to.Del(key)
	}
	for _, key := range keptKeys {
		to.Del(key)
		if was, ok := a.Attrs.Lookup(key); ok {
			to.Set(key, was)
		}
	}
	to.Set(allocated, "")
	if err := a.replacePrefixes(&to); err != nil {
		return err
	}
	for _, key := range [...]string{"PORT_START", "PORT_SIZE"} {
		if _, ok := to.Int(key); !ok {
			to.Del(key)
		}
	}
	if err := a.resize(r, vnet, &to); err != nil {
		return err
	}
	next := AR{ID: a.ID, Attrs: to, Next: a.Next, Used: a.Used}
	if err := next.fits(); err != nil {
		return err
	}
	if g := next.Range(); next.Next >= g.Count() {
		next.Next = 0
	}
	*a = next
	return nil
}

// replacePrefixes checks IPv6 prefixes. A prefix that the update does not have is removed, but
// PREFIX_LENGTH stays.
func (a *AR) replacePrefixes(to *attr.Attr) error {
	fam, _ := familyOf(&a.Attrs)
	if _, ok := to.Int("PREFIX_LENGTH"); !ok && fam.ip6 {
		to.Set("PREFIX_LENGTH", a.Attrs.Get("PREFIX_LENGTH"))
	} else if !fam.ip6 {
		to.Del("PREFIX_LENGTH")
	}
	for _, key := range [...]string{"GLOBAL_PREFIX", "ULA_PREFIX"} {
		if fam.slaac {
			to.Set(key, to.Get(key))
		} else {
			to.Del(key)
		}
	}
	return checkPrefixes(to)
}

// resize checks a new SIZE; without one, the size stays the same.
func (a *AR) resize(r store.Reader, vnet int, to *attr.Attr) error {
	g := a.Range()
	text := to.Get("SIZE")
	size, ok := parseSize(text)
	switch {
	case text == "":
		size = g.size
	case !ok:
		return wrong("Unable to read the SIZE attribute, it must be number >= 0")
	case size != g.size && a.Attrs.Has(parentAR):
		return wrong("The SIZE of a reservation cannot be changed.")
	}
	if size < maxAddresses {
		for range leasesFrom(r, vnet, a.ID, int64(size)) {
			return wrong("New SIZE cannot be applied. There are used leases that would fall outside the range.")
		}
	}
	to.Set("SIZE", strconv.FormatUint(size, 10))
	return nil
}
