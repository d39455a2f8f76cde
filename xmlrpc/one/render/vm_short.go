package render

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// VMShort writes a VM as one.vmpool.info lists it: what tables show.
func VMShort(w *Writer, r store.Reader, v *vm.VM) {
	sample, _ := vm.Samples.Get(r, store.ID(v.ID))
	lastPoll := int64(0)
	if sample != nil {
		lastPoll = sample.Timestamp
	}
	w.Open("VM")
	w.owned(&v.Meta)
	w.Int("LAST_POLL", lastPoll)
	w.Int("STATE", int64(v.State))
	w.Int("LCM_STATE", int64(v.LCM))
	w.Int("RESCHED", int64(v.Resched))
	w.Int("STIME", v.STime)
	w.Int("ETIME", v.ETime)
	w.Text("DEPLOY_ID", v.DeployID)
	if v.Lock != nil {
		w.Open("LOCK")
		w.Int("LOCKED", int64(v.Lock.Level))
		w.Close("LOCK")
	}
	w.vmTemplateShort(v.Template)
	w.vmSampleShort(sample)
	w.vmUserShort(v.User)
	w.vmLastRecord(v)
	w.Close("VM")
}

// Attributes of devices in the short form, in oned's order: those that are always shown, even
// if empty, and those that are shown if they have a value.
var (
	shortDisk = []string{
		"DISK_ID", "DATASTORE", "DATASTORE_ID", "IMAGE", "IMAGE_ID", "SIZE", "TYPE",
		"CLONE", "CLONE_TARGET", "LN_TARGET", "DISK_SNAPSHOT_TOTAL_SIZE",
	}
	shortNICGiven = []string{
		"IP", "EXTERNAL_IP", "IP6", "IP6_ULA", "IP6_LINK", "IP6_GLOBAL",
		"NETWORK_MODE", "SCHED_REQUIREMENTS", "SCHED_RANK",
	}
	shortNIC  = []string{"MAC", "NETWORK", "NETWORK_ID", "NIC_ID", "SECURITY_GROUPS"}
	shortUser = []string{
		"LABELS", "ERROR", "SCHED_MESSAGE", "SCHED_RANK", "SCHED_DS_RANK",
		"SCHED_REQUIREMENTS", "SCHED_DS_REQUIREMENTS", "USER_PRIORITY",
	}
)

func (w *Writer) vmTemplateShort(t attr.Template) {
	w.Open("TEMPLATE")
	w.Text("CPU", t.Get("CPU"))
	w.Text("MEMORY", t.Get("MEMORY"))
	w.Text("VCPU", t.Get("VCPU"))
	for i := range t.Named("DISK") {
		w.vmDeviceShort("DISK", &t.Named("DISK")[i], nil, shortDisk)
	}
	for _, nic := range cards(t) {
		w.vmDeviceShort("NIC", nic, shortNICGiven, shortNIC)
	}
	if g := t.Vector("GRAPHICS"); g != nil {
		*w = g.AppendXML(*w)
	}
	w.Close("TEMPLATE")
}

// cards are the NICs and their aliases, sorted by ID.
func cards(t attr.Template) []*attr.Attr {
	nics, aliases := t.Vectors("NIC"), t.Vectors("NIC_ALIAS")
	if len(aliases) == 0 {
		return nics
	}
	id := func(a *attr.Attr) int { n, _ := a.Int("NIC_ID"); return n }
	return slices.SortedStableFunc(slices.Values(slices.Concat(nics, aliases)), func(a, b *attr.Attr) int { return id(a) - id(b) })
}

func (w *Writer) vmDeviceShort(tag string, device *attr.Attr, given, always []string) {
	w.Open(tag)
	for _, key := range given {
		if value := device.Get(key); value != "" {
			w.CDATA(key, value)
		}
	}
	for _, key := range always {
		w.CDATA(key, device.Get(key))
	}
	w.Close(tag)
}

func (w *Writer) vmUserShort(t attr.Template) {
	if t.Empty() {
		w.Empty("USER_TEMPLATE")
		return
	}
	w.Open("USER_TEMPLATE")
	for _, name := range shortUser {
		if value := t.Get(name); value != "" {
			w.CDATA(name, value)
		}
	}
	for _, a := range t.Vectors("SCHED_ACTION") {
		*w = a.AppendXML(*w)
	}
	w.Close("USER_TEMPLATE")
}
