package market

import (
	"encoding/xml"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// The servers of a federation send each other objects as XML. Like oned, a server without a
// federation accepts such calls from oneadmin.

// headXML has the elements that all kinds share.
type headXML struct {
	ID       int    `xml:"ID"`
	UID      int    `xml:"UID"`
	GID      int    `xml:"GID"`
	UName    string `xml:"UNAME"`
	GName    string `xml:"GNAME"`
	Name     string `xml:"NAME"`
	Perms    bits   `xml:"PERMISSIONS"`
	Template *inner `xml:"TEMPLATE"`
}

type inner struct {
	XML string `xml:",innerxml"`
}

type bits struct {
	List []struct {
		XMLName xml.Name
		Value   int `xml:",chardata"`
	} `xml:",any"`
}

type marketXML struct {
	XMLName xml.Name `xml:"MARKETPLACE"`
	headXML
	State   int    `xml:"STATE"`
	MAD     string `xml:"MARKET_MAD"`
	ZoneID  int    `xml:"ZONE_ID"`
	TotalMB int64  `xml:"TOTAL_MB"`
	FreeMB  int64  `xml:"FREE_MB"`
	UsedMB  int64  `xml:"USED_MB"`
}

type appXML struct {
	XMLName xml.Name `xml:"MARKETPLACEAPP"`
	headXML
	RegTime     int64  `xml:"REGTIME"`
	ZoneID      int    `xml:"ZONE_ID"`
	OriginID    int    `xml:"ORIGIN_ID"`
	Source      string `xml:"SOURCE"`
	MD5         string `xml:"MD5"`
	Size        int64  `xml:"SIZE"`
	Description string `xml:"DESCRIPTION"`
	Version     string `xml:"VERSION"`
	Format      string `xml:"FORMAT"`
	Template64  string `xml:"APPTEMPLATE64"`
	MarketID    int    `xml:"MARKETPLACE_ID"`
	State       int    `xml:"STATE"`
	Type        int    `xml:"TYPE"`
}

func (h headXML) meta() (object.Meta, error) {
	m := object.Meta{ID: h.ID, UID: h.UID, GID: h.GID, UName: h.UName, GName: h.GName, Name: h.Name}
	shifts := map[string]uint{"OWNER": object.Owner, "GROUP": object.Group, "OTHER": object.Other}
	values := map[string]object.Perms{"U": 4, "M": 2, "A": 1}
	for _, bit := range h.Perms.List {
		class, letter, _ := strings.Cut(bit.XMLName.Local, "_")
		if bit.Value == 1 {
			m.Perms |= values[letter] << shifts[class]
		}
	}
	if h.Template == nil {
		return m, badXML()
	}
	var err error
	if m.Template, err = attr.FromXML([]byte("<TEMPLATE>" + h.Template.XML + "</TEMPLATE>")); err != nil {
		return m, badXML()
	}
	return m, nil
}

func badXML() error { return one.Errorf(one.CodeInternal, "Cannot update object from XML") }

func marketFrom(text string) (*Market, error) {
	var x marketXML
	if err := xml.Unmarshal([]byte(text), &x); err != nil {
		return nil, badXML()
	}
	head, err := x.meta()
	return &Market{
		Meta: head, State: one.MarketState(x.State), MAD: x.MAD, ZoneID: x.ZoneID, TotalMB: x.TotalMB, FreeMB: x.FreeMB, UsedMB: x.UsedMB,
	}, err
}

func appFrom(text string) (*App, error) {
	var x appXML
	if err := xml.Unmarshal([]byte(text), &x); err != nil {
		return nil, badXML()
	}
	head, err := x.meta()
	return &App{
		Meta: head, RegTime: x.RegTime, ZoneID: x.ZoneID, OriginID: x.OriginID, Source: x.Source, MD5: x.MD5, SizeMB: x.Size,
		Description: x.Description, Version: x.Version, Format: x.Format, Template64: x.Template64, MarketID: x.MarketID,
		State: one.AppState(x.State), Type: one.AppType(x.Type),
	}, err
}

// AllocateDB creates a marketplace that another server of the federation sends.
func AllocateDB(tx *store.Tx, text string) (int, error) {
	m, err := marketFrom(text)
	if err != nil {
		return -1, err
	}
	return Kind.Add(tx, m)
}

// UpdateDB updates a marketplace to what another server of the federation sends.
func UpdateDB(tx *store.Tx, id int, text string) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	m, err := marketFrom(text)
	if err != nil {
		return err
	}
	if m.ID != id {
		return inconsistent()
	}
	Kind.Put(tx, m)
	return nil
}

// AllocateAppDB creates an app that another server of the federation sends. The image is not
// copied by this server.
func AllocateAppDB(tx *store.Tx, text string) (int, error) {
	a, err := appFrom(text)
	if err != nil {
		return -1, err
	}
	if a.State == one.AppLocked {
		a.State = one.AppInit
	}
	id, err := Apps.Add(tx, a)
	Kind.Table.Touch(tx, store.ID(a.MarketID))
	return id, err
}

// UpdateAppDB updates an app to what another server of the federation sends.
func UpdateAppDB(tx *store.Tx, id int, text string) error {
	old, err := Apps.Get(tx, id)
	if err != nil {
		return err
	}
	a, err := appFrom(text)
	switch {
	case err != nil:
		return err
	case a.ID != id:
		return inconsistent()
	case old.lent():
		return one.Errorf(one.CodeInternal, "The app's file is being brought to its marketplace: wait until that has ended.")
	case a.State == one.AppLocked:
		a.State = old.State
	}
	a.Leaving, a.Lock = old.Leaving, old.Lock
	Apps.Put(tx, a)
	for _, id := range []int{old.MarketID, a.MarketID} {
		Kind.Table.Touch(tx, store.ID(id))
	}
	return nil
}

// DropAppDB deletes an app whose file another server of the federation deletes.
func DropAppDB(tx *store.Tx, id int) error {
	if _, err := Apps.Get(tx, id); err != nil {
		return err
	}
	drop(tx, id)
	return nil
}

func inconsistent() error { return one.Errorf(one.CodeInternal, "Consistency check failed") }
