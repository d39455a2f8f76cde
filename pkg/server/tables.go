package server

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/plan"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// tables lists every table of the store.
func tables() []store.AnyTable {
	return append(rvpe.Tables(),
		acl.Rules,
		backupjob.Kind.Table,
		cluster.Kind.Table,
		datastore.Kind.Table,
		document.Kind.Table,
		effect.Table,
		group.Kind.Table,
		hook.Kind.Table, hook.Log,
		host.Kind.Table, host.Samples,
		image.Kind.Table,
		market.Kind.Table, market.Apps.Table,
		network.Kind.Table, network.Lags, network.Leases,
		plan.Table,
		quota.Users, quota.Groups, quota.Defaults,
		schedule.Table,
		secgroup.Kind.Table, secgroup.Members,
		secret.Checks,
		template.Kind.Table,
		user.Kind.Table,
		vdc.Kind.Table,
		vm.Kind.Table, vm.JobVMs, vm.Samples, vm.Accounts, vm.Showbacks,
		vmgroup.Kind.Table,
		vntemplate.Kind.Table,
		vrouter.Kind.Table,
		zone.Kind.Table,
	)
}
