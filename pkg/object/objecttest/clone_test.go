package objecttest_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object/objecttest"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

func TestClonesShareNothing(t *testing.T) {
	t.Parallel()
	objecttest.Clone[acl.Rule](t)
	objecttest.Clone[backupjob.Job](t)
	objecttest.Clone[cluster.Cluster](t)
	objecttest.Clone[datastore.Datastore](t)
	objecttest.Clone[document.Document](t)
	objecttest.Clone[group.Group](t)
	objecttest.Clone[hook.Hook](t)
	objecttest.Clone[hook.Record](t)
	objecttest.Clone[host.Host](t)
	objecttest.Clone[image.Image](t)
	objecttest.Clone[market.App](t)
	objecttest.Clone[market.Market](t)
	objecttest.Clone[network.VNet](t)
	objecttest.Clone[quota.Quotas](t)
	objecttest.Clone[secgroup.SecGroup](t)
	objecttest.Clone[template.Template](t)
	objecttest.Clone[user.User](t)
	objecttest.Clone[vdc.VDC](t)
	objecttest.Clone[vm.VM](t)
	objecttest.Clone[vmgroup.VMGroup](t)
	objecttest.Clone[vntemplate.VNTemplate](t)
	objecttest.Clone[vrouter.VRouter](t)
	objecttest.Clone[zone.Zone](t)
}
