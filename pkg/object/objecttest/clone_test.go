package objecttest_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object/objecttest"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

func TestClonesShareNothing(t *testing.T) {
	t.Parallel()
	objecttest.Clone[acl.Rule](t)
	objecttest.Clone[cluster.Cluster](t)
	objecttest.Clone[datastore.Datastore](t)
	objecttest.Clone[group.Group](t)
	objecttest.Clone[host.Host](t)
	objecttest.Clone[image.Image](t)
	objecttest.Clone[network.VNet](t)
	objecttest.Clone[quota.Quotas](t)
	objecttest.Clone[secgroup.SecGroup](t)
	objecttest.Clone[template.Template](t)
	objecttest.Clone[user.User](t)
	objecttest.Clone[vdc.VDC](t)
	objecttest.Clone[vm.VM](t)
	objecttest.Clone[zone.Zone](t)
}
