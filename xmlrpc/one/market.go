package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func marketMethods() []method {
	enable := params(pID, xmlrpc.Param{Name: "enable", Type: xmlrpc.Bool})
	return []method{
		{name: "one.market.allocate", params: params(pTemplate), may: createFrom(one.KindMarketPlace, 1), do: change(marketAllocate)},
		{name: "one.market.delete", params: params(pID), may: on(market.Kind, one.Manage, 1), do: deleting(one.KindMarketPlace, marketDelete)},
		markets.infoOf("market"),
		{name: "one.market.update", params: params(pID, pTemplate, pAppend), may: basic(market.Kind, one.Manage, 1), do: updating(marketUpdate)},
		renameOf("market", market.Kind, one.Manage),
		chmodOf("market", market.Kind),
		chownOf("market", market.Kind),
		{name: "one.market.enable", params: enable, may: basic(market.Kind, one.Manage, 1), do: change(marketEnable)},
		{name: "one.market.allocatedb", params: params(pUnused, pXML), may: oneadminOnly(one.KindMarketPlace, -1), do: change(marketAllocateDB)},
		{name: "one.market.updatedb", params: params(pID, pXML), may: oneadminOnly(one.KindMarketPlace, -1), do: change(marketUpdateDB)},
		markets.poolOf("marketpool"),
	}
}

var markets = pool[market.Market]{kind: market.Kind, root: "MARKETPLACE_POOL", write: render.Market}

// What the servers of a federation send each other.
var (
	pUnused = xmlrpc.Param{Name: "unused"}
	pXML    = xmlrpc.Param{Name: "object as XML", Type: xmlrpc.String}
)

func marketAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return market.Allocate(tx, s.Markets, c.Caller, t)
}

func marketDelete(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), market.Delete(tx, s.Markets, c.Int(1))
}

func marketUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	return c.Int(1), market.Update(tx, s.Markets, c.Int(1), c.Text(2), merge)
}

func marketEnable(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), market.Enable(tx, s.Markets, c.Int(1), c.Bool(2))
}

func marketAllocateDB(tx *store.Tx, _ *Server, c *call) (int, error) {
	return market.AllocateDB(tx, c.Text(2))
}

func marketUpdateDB(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), market.UpdateDB(tx, c.Int(1), c.Text(2))
}

func marketappMethods() []method {
	return []method{
		{
			name: "one.marketapp.allocate", params: params(pTemplate, xmlrpc.Param{Name: "marketplace id", Type: xmlrpc.Int}),
			may: mayAllocateApp, do: marketappAllocate,
		},
		{
			name: "one.marketapp.delete", params: params(pID), may: on(market.Apps, one.Manage, 1),
			do: deleting(one.KindMarketPlaceApp, marketappDelete),
		},
		marketapps.infoOf("marketapp"),
		updateOf("marketapp", market.Apps, one.Manage),
		renameOf("marketapp", market.Apps, one.Manage),
		chmodOf("marketapp", market.Apps),
		marketappChown(),
		lockOf("marketapp", market.Apps),
		unlockOf("marketapp", market.Apps),
		{
			name: "one.marketapp.enable", params: params(pID, xmlrpc.Param{Name: "enable", Type: xmlrpc.Bool}),
			may: basic(market.Apps, one.Manage, 1), do: change(marketappEnable),
		},
		{name: "one.marketapp.allocatedb", params: params(pUnused, pXML), may: oneadminOnly(one.KindMarketPlaceApp, -1), do: change(marketappAllocateDB)},
		{name: "one.marketapp.updatedb", params: params(pID, pXML), may: oneadminOnly(one.KindMarketPlaceApp, -1), do: change(marketappUpdateDB)},
		{name: "one.marketapp.dropdb", params: params(pID), may: oneadminOnly(one.KindMarketPlaceApp, -1), do: change(byID(market.DropAppDB))},
		marketapps.filteredOf("marketapppool"),
	}
}

var marketapps = pool[market.App]{kind: market.Apps, root: "MARKETPLACEAPP_POOL", write: render.App}

// mayAllocateApp needs to create apps, and USE of the marketplace and of the image that
// becomes public there. oned asks for neither of these two.
func mayAllocateApp(c *call) ([]acl.Ask, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return nil, err
	}
	asks := []acl.Ask{acl.ToCreate(one.KindMarketPlaceApp)}
	more, err := onThere(market.Kind, one.Use, 2)(c) // the rule tells of one that is not there
	if err != nil {
		return nil, err
	}
	asks = append(asks, more...)
	if origin, given := market.OriginImage(t); given {
		asks = append(asks, askIfThere(c, image.Kind, one.Use, origin)...)
	}
	return asks, nil
}

// marketappAllocate keeps the app of an image that cannot be brought to the
// marketplace: the answer is the reason, and the app is there, in ERROR.
func marketappAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return nil, err
	}
	var refused error
	id, err := s.step(ctx, c, func(tx *store.Tx) (id any, last bool, err error) {
		id, refused, err = market.AllocateApp(tx, s.Markets, c.Caller, t.Clone(), c.Int(2))
		return id, refused == nil, err
	})
	if err == nil {
		err = refused
	}
	return id, err
}

func marketappDelete(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), market.DeleteApp(tx, s.Markets, c.Int(1))
}

// marketappChown refuses apps that somebody else offers.
func marketappChown() method {
	m := chownOf("marketapp", market.Apps)
	chown := m.do
	m.do = func(ctx context.Context, s *Server, c *call) (any, error) {
		if s.Markets.IsPublic(c.Snap, c.Int(1)) {
			return nil, one.Errorf(one.CodeInternal,
				"App %d: Changing the ownership for an App from the public Marketplace is not permitted", c.Int(1))
		}
		return chown(ctx, s, c)
	}
	return m
}

func marketappEnable(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), market.EnableApp(tx, c.Int(1), c.Bool(2))
}

func marketappAllocateDB(tx *store.Tx, _ *Server, c *call) (int, error) {
	return market.AllocateAppDB(tx, c.Text(2))
}

func marketappUpdateDB(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), market.UpdateAppDB(tx, c.Int(1), c.Text(2))
}
