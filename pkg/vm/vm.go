// Package vm has the rules for virtual machines: which calls are allowed, how the status changes
// (with the table in package lifecycle), and which images, leases, host capacity and quotas a VM
// uses.
package vm

import (
	"iter"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// VM is a virtual machine. Meta.Template is TEMPLATE.
type VM struct {
	object.Meta
	State        one.VMState       `cbor:"10,keyasint"`
	LCM          one.LCMState      `cbor:"11,keyasint"`
	Detail       lifecycle.Detail  `cbor:"12,keyasint,omitempty"` // see lifecycle.Status
	Resched      int               `cbor:"14,keyasint,omitempty"`
	STime        int64             `cbor:"15,keyasint"`
	ETime        int64             `cbor:"16,keyasint,omitempty"`
	DeployID     string            `cbor:"17,keyasint,omitempty"`
	Changed      int64             `cbor:"18,keyasint,omitempty"` // last change of the status
	User         attr.Template     `cbor:"19,keyasint,omitempty"` // USER_TEMPLATE
	History      []History         `cbor:"20,keyasint,omitempty"`
	Snapshots    []image.Snapshots `cbor:"21,keyasint,omitempty"` // disk snapshots
	SchedActions []int             `cbor:"22,keyasint,omitempty"`
	Backups      Backups           `cbor:"23,keyasint,omitempty"`
	Doing        map[string]string `cbor:"24,keyasint,omitempty"` // parameters of the current effect
}

// History is a history record: a VM on a host, until it leaves the host or one of its devices
// changes.
type History struct {
	Seq       int               `cbor:"1,keyasint"`
	HostID    int               `cbor:"2,keyasint"`
	HostName  string            `cbor:"3,keyasint"`
	ClusterID int               `cbor:"4,keyasint"`
	DSID      int               `cbor:"5,keyasint"` // system datastore
	VMMad     string            `cbor:"6,keyasint"`
	TMMad     string            `cbor:"7,keyasint"`
	PlanID    int               `cbor:"8,keyasint"`
	ActionID  int               `cbor:"9,keyasint"`
	STime     int64             `cbor:"10,keyasint"` // start of the record
	ETime     int64             `cbor:"11,keyasint,omitempty"`
	PSTime    int64             `cbor:"12,keyasint,omitempty"` // prolog
	PETime    int64             `cbor:"13,keyasint,omitempty"`
	RSTime    int64             `cbor:"14,keyasint,omitempty"` // running
	RETime    int64             `cbor:"15,keyasint,omitempty"`
	ESTime    int64             `cbor:"16,keyasint,omitempty"` // epilog
	EETime    int64             `cbor:"17,keyasint,omitempty"`
	Action    one.HistoryAction `cbor:"18,keyasint,omitempty"` // action that closed the record
	UID       int               `cbor:"19,keyasint"`           // caller of that action
	GID       int               `cbor:"20,keyasint"`
	ReqID     int64             `cbor:"21,keyasint"`
}

// Backups is BACKUPS: the backup configuration and the backup images.
type Backups struct {
	Config attr.Template `cbor:"1,keyasint,omitempty"`
	IDs    []int         `cbor:"2,keyasint,omitempty"`
}

// Status is the VM's state for package lifecycle.
func (v *VM) Status() lifecycle.Status {
	return lifecycle.Status{State: v.State, LCM: v.LCM, Detail: v.Detail}
}

// Last returns the newest history record, or nil if the VM was never deployed.
func (v *VM) Last() *History {
	if len(v.History) == 0 {
		return nil
	}
	return &v.History[len(v.History)-1]
}

// Clone implements store.Cloner.
func (v *VM) Clone() *VM {
	c := *v
	c.Meta = v.Meta.Copy()
	c.User = v.User.Clone()
	c.History = slices.Clone(v.History)
	c.Snapshots = slices.Clone(v.Snapshots)
	for i := range c.Snapshots {
		c.Snapshots[i] = c.Snapshots[i].Clone()
	}
	c.SchedActions = slices.Clone(v.SchedActions)
	c.Backups = Backups{Config: v.Backups.Config.Clone(), IDs: slices.Clone(v.Backups.IDs)}
	if v.Doing != nil {
		c.Doing = make(map[string]string, len(v.Doing))
		for k, x := range v.Doing {
			c.Doing[k] = x
		}
	}
	return &c
}

// EachTemplate implements secret.Keeper.
func (v *VM) EachTemplate(change func(attr.Template) attr.Template) {
	v.Meta.EachTemplate(change)
	v.User = change(v.User)
}

// ByState finds VMs by STATE.
var ByState = store.NewIndex(func(v *VM) []string { return []string{strconv.Itoa(int(v.State))} })

// ByLife finds all VMs that are not DONE by the constant Alive.
var ByLife = store.NewIndex(func(v *VM) []string {
	if v.State == one.VMDone {
		return nil
	}
	return []string{Alive}
})

// Alive is the only value in ByLife.
const Alive = "1"

// ByHost finds the VMs that hold capacity on a host. A migrating VM is found on both hosts.
var ByHost = store.NewIndex(func(v *VM) []string {
	hosts := hostsOf(v)
	texts := make([]string, len(hosts))
	for i, id := range hosts {
		texts[i] = strconv.Itoa(id)
	}
	return texts
})

// byLivingOwner finds VMs that are not DONE by UID.
var byLivingOwner = store.NewIndex(func(v *VM) []string {
	if v.State == one.VMDone {
		return nil
	}
	return []string{strconv.Itoa(v.UID)}
})

// Living iterates over the VMs of a user that are not DONE.
func Living(r store.Reader, uid int) iter.Seq[*VM] {
	return func(yield func(*VM) bool) {
		for row := range byLivingOwner.Find(r, strconv.Itoa(uid)) {
			if !yield(row.Val) {
				return
			}
		}
	}
}

// Lives tells whether a user has VMs that are not DONE.
func Lives(r store.Reader, uid int) bool {
	_, yes := byLivingOwner.First(r, strconv.Itoa(uid))
	return yes
}

// ByResched finds the VMs with RESCHED=1 by the constant ToMove.
var ByResched = store.NewIndex(func(v *VM) []string {
	if v.Resched == 0 {
		return nil
	}
	return []string{ToMove}
})

// ToMove is the only value in ByResched.
const ToMove = "1"

// ByDatastore finds VMs by the system datastore of their disks.
var ByDatastore = store.NewIndex(func(v *VM) []string {
	if rec := v.Last(); rec != nil && v.State != one.VMDone {
		return []string{strconv.Itoa(rec.DSID)}
	}
	return nil
})

// ByImage finds VMs by the images of their disks.
var ByImage = store.NewIndex(func(v *VM) []string {
	if v.State == one.VMDone {
		return nil
	}
	var ids []string
	for _, d := range v.Template.Vectors("DISK") {
		if id, ok := d.Lookup("IMAGE_ID"); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
})

// Kind describes VMs to the verbs that all kinds share.
var Kind = object.Define("vm", object.Spec[VM]{
	Kind:     one.KindVM,
	Names:    object.NamesFree,
	Lockable: true,
	Chowned:  chowned,
}, ByState, ByLife, byLivingOwner, ByResched, ByHost, ByDatastore, ByImage, ByPort, byVMGroup)
