// Package schema lists what a store holds: every kind of object, and every
// table. Whoever has to look at all of it asks here, so that a new kind is
// opened, exported, imported and checked from the day it is listed.
package schema

import (
	"slices"

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
	"github.com/renkei-vpe/renkei/pkg/object"
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

// Kinds lists every kind of object.
func Kinds() []object.Any {
	return []object.Any{
		backupjob.Kind,
		cluster.Kind,
		datastore.Kind,
		document.Kind,
		group.Kind,
		hook.Kind,
		host.Kind,
		image.Kind,
		market.Kind, market.Apps,
		network.Kind,
		secgroup.Kind,
		template.Kind,
		user.Kind,
		vdc.Kind,
		vm.Kind,
		vmgroup.Kind,
		vntemplate.Kind,
		vrouter.Kind,
		zone.Kind,
	}
}

// Tables lists every table of the store: those of the kinds, and what is kept
// beside objects.
func Tables() []store.AnyTable {
	beside := []store.AnyTable{
		acl.Rules,
		effect.Table,
		hook.Log,
		host.Samples,
		network.Guests, network.Lags, network.Leases,
		plan.Table,
		schedule.Table,
		secgroup.Members,
		secret.Checks,
		vm.JobVMs, vm.Samples, vm.Accounts, vm.Showbacks,
	}
	for _, k := range Kinds() {
		beside = append(beside, k.Rows())
	}
	return slices.Concat(beside, quota.Tables(), rvpe.Tables())
}
