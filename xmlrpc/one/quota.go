package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// quotaDefaults serves one.userquota.info and one.groupquota.info.
func quotaDefaults(root string, of store.Key) func(context.Context, *Server, *call) (any, error) {
	return func(_ context.Context, s *Server, _ *call) (any, error) {
		var w render.Writer
		render.DefaultQuotas(&w, s.Store.Read(), root, of)
		return string(w), nil
	}
}

// setQuotaDefaults serves their updates, which answer what is now.
func setQuotaDefaults(root string, of store.Key) func(context.Context, *Server, *call) (any, error) {
	return func(ctx context.Context, s *Server, c *call) (any, error) {
		t, err := object.ParseTemplate(c.Text(1))
		if err != nil {
			return nil, err
		}
		if err := s.Store.Update(ctx, func(tx *store.Tx) error { return quota.SetDefaults(tx, of, t) }); err != nil {
			return nil, err
		}
		return quotaDefaults(root, of)(ctx, s, c)
	}
}

// usedBy counts what the VMs of a user or group use in some clusters.
func usedBy(theirs func(uid, gid int) bool) quota.InClusters {
	return func(r store.Reader, clusters []int) quota.Delta { return vm.UsedIn(r, theirs, clusters) }
}
