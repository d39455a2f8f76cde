package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// quotaDefaults serves one.userquota.info and one.groupquota.info.
func quotaDefaults(root string, of store.Key) func(context.Context, *Server, *call) (any, error) {
	return func(_ context.Context, s *Server, _ *call) (any, error) {
		return defaultsText(s.Store.Read(), root, of), nil
	}
}

func defaultsText(r store.Reader, root string, of store.Key) string {
	var w render.Writer
	render.DefaultQuotas(&w, r, root, of)
	return string(w)
}

// setQuotaDefaults serves the updates of both, which answer the new limits.
func setQuotaDefaults(root string, of store.Key) func(context.Context, *Server, *call) (any, error) {
	return func(ctx context.Context, s *Server, c *call) (any, error) {
		t, err := parseQuota(c.Text(1))
		if err != nil {
			return nil, err
		}
		return s.update(ctx, c, func(tx *store.Tx) (any, error) {
			if err := quota.SetDefaults(tx, of, t); err != nil {
				return nil, err
			}
			return defaultsText(tx, root, of), nil
		})
	}
}

// parseQuota reads limits. A template that cannot be read has another code here
// than elsewhere.
func parseQuota(text string) (attr.Template, error) {
	t, err := attr.Parse(text)
	if err != nil {
		return nil, one.Errorf(one.CodeAction, "%v", err)
	}
	return t, nil
}

// maySetDefaults is for administrators.
var maySetDefaults = membersOnly(": The default quotas can only be updated by users in the oneadmin group")

// usedBy counts what the VMs of a user or group use in some clusters.
func usedBy(theirs func(uid, gid int) bool) quota.InClusters {
	return func(r store.Reader, clusters []int) quota.Delta { return vm.UsedIn(r, theirs, clusters) }
}
