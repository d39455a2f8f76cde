package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Restoration has the arguments of one.image.restore.
type Restoration struct {
	ImageID     int           // the backup
	DatastoreID int           // for the new images
	VM, User    attr.Template // TEMPLATE and USER_TEMPLATE of the VM when it was backed up
	Name        string        // "" means <VM>-<backup>
	Increment   int           // negative for the newest
	Disk        int           // negative for all disks, and a template
	NoNIC, NoIP bool
}

// CheckRestore refuses disks and increments that the backup does not have, before the backup is
// read.
func CheckRestore(r store.Reader, in Restoration) (*image.Image, error) {
	img, there := image.Kind.Table.Get(r, store.ID(in.ImageID))
	if !there {
		return nil, refuse("Image does not exist")
	}
	ds, there := datastore.Kind.Table.Get(r, store.ID(in.DatastoreID))
	selected, _ := img.Template.Bool("BACKUP_SELECTED_DISKS")
	switch {
	case selected && in.Disk < 0:
		return nil, refuse("Cannot restore a VM from a selected disk backup")
	case in.Disk >= 0 && !slices.Contains(img.BackupDiskIDs, in.Disk):
		return nil, refuse("Cannot restore disk %d, it is not part of the backup", in.Disk)
	case img.Type != one.ImageTypeBackup:
		return nil, refuse("Can only restore images of type BACKUP")
	case !there:
		return nil, refuse("Destination datastore does not exist")
	case ds.Type != one.DatastoreImage:
		return nil, refuse("Destination can be only an image datastore")
	case len(img.Chain(in.Increment)) == 0:
		return nil, refuse("Wrong increment")
	}
	return img, nil
}

func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

// Restore makes images from the disks of a backup. If no single disk is requested, it also
// makes a template of the VM. It returns the IDs of the template, or -1, and of the images.
func Restore(tx *store.Tx, s Settings, c *one.Caller, in Restoration) (templateID int, images []int, err error) {
	backup, err := CheckRestore(tx, in)
	if err != nil {
		return -1, nil, err
	}
	chain := backup.Chain(in.Increment)
	if in.Name == "" {
		in.Name = fmt.Sprintf("%d-%s", backup.BackupVM, chain[len(chain)-1])
	}
	made := map[int]int{} // image IDs by disk ID
	for _, disk := range backup.BackupDiskIDs {
		if in.Disk >= 0 && in.Disk != disk {
			continue
		}
		id, err := restoreDisk(tx, s.Images, c, in, backup, chain, disk)
		if err != nil {
			return -1, nil, refuse("Error restoring disk image: %v", err)
		}
		made[disk] = id
		images = append(images, id)
	}
	if in.Disk >= 0 {
		return -1, images, nil
	}
	t := in.template(made)
	if templateID, err = Allocate(tx, s.VMs, c, t); err != nil {
		return -1, nil, refuse("Error creating VM template: %v", err)
	}
	return templateID, images, nil
}

func restoreDisk(tx *store.Tx, s image.Settings, c *one.Caller, in Restoration, backup *image.Image, chain []string, disk int) (int, error) {
	kind := one.ImageTypeDatablock
	if disk == 0 {
		kind = one.ImageTypeOS
	}
	size := 0
	for _, d := range in.VM.Vectors("DISK") {
		if id, ok := d.Int("DISK_ID"); ok && id == disk {
			size, _ = d.Int("SIZE")
		}
	}
	return image.Restore(tx, s, c, in.DatastoreID, image.FromBackup{
		Name: fmt.Sprintf("%s-disk-%d", in.Name, disk), Type: kind, SizeMB: int64(size),
		Path: fmt.Sprintf("backup://%d/%d/%s/disk.%d", backup.DatastoreID, backup.BackupVM, strings.Join(chain, ","), disk),
		Origin: image.Origin{
			DatastoreID: backup.DatastoreID, VMID: backup.BackupVM, Chain: chain, DiskID: disk,
		},
	})
}

// Attributes of VMs that a template must not have (oned's src/tm_mad/lib/backup.rb has the same
// lists).
var (
	ofVMs   = words("AUTOMATIC_DS_REQUIREMENTS AUTOMATIC_NIC_REQUIREMENTS AUTOMATIC_REQUIREMENTS VMID TEMPLATE_ID TM_MAD_SYSTEM SECURITY_GROUP_RULE ERROR")
	ofDisks = words("ALLOW_ORPHANS CLONE CLONE_TARGET CLUSTER_ID DATASTORE DATASTORE_ID DISK_SNAPSHOT_TOTAL_SIZE DISK_TYPE DRIVER IMAGE IMAGE_STATE IMAGE_UID IMAGE_UNAME LN_TARGET OPENNEBULA_MANAGED ORIGINAL_SIZE PERSISTENT READONLY SAVE SOURCE TARGET TM_MAD FORMAT")
	ofNICs  = words("AR_ID BRIDGE BRIDGE_TYPE CLUSTER_ID NAME NETWORK_ID NIC_ID TARGET VLAN_ID VN_MAD VLAN_TAGGED_ID PHYDEV")
	ofPCIs  = words("ADDRESS BUS DOMAIN FUNCTION NUMA_NODE PCI_ID SLOT VM_ADDRESS VM_BUS VM_DOMAIN VM_FUNCTION VM_SLOT SHORT_ADDRESS")
	ofNodes = words("CPUS MEMORY_NODE_ID NODE_ID")
	ofIPs   = words("IP IP6 IP6_ULA IP6_GLOBAL MAC")
)

func words(list string) []string { return strings.Fields(list) }

// template makes a template of the VM whose disks are the restored images.
func (in Restoration) template(made map[int]int) attr.Template {
	t := in.VM.Clone()
	t.Merge(in.User)
	for _, name := range ofVMs {
		t.Del(name)
	}
	for _, d := range t.Vectors("DISK") {
		restoredDisk(d, made)
	}
	if in.NoNIC {
		t.Del("NIC")
	}
	for _, nic := range t.Vectors("NIC") {
		in.restoredNIC(nic)
	}
	if context := t.Vector("CONTEXT"); context != nil {
		dropKeys(context, func(key string) bool {
			return key == "DISK_ID" || strings.HasPrefix(key, "ETH") || strings.HasPrefix(key, "PCI")
		})
	}
	for name, keys := range map[string][]string{"GRAPHICS": {"PORT"}, "OS": {"UUID"}, "NUMA_NODE": ofNodes, "PCI": slices.Concat(ofNICs, ofPCIs)} {
		for _, part := range t.Vectors(name) {
			drop(part, keys)
		}
	}
	t.DelFunc(func(a *attr.Attr) bool { return a.IsVector && len(a.Vector) == 0 || !a.IsVector && a.Value == "" })
	t.Set("NAME", in.Name)
	return t
}

func restoredDisk(d *attr.Attr, made map[int]int) {
	id, _ := d.Int("DISK_ID")
	kind := strings.ToUpper(d.Get("TYPE"))
	drop(d, ofDisks)
	d.Del("DISK_ID")
	imageID, restored := made[id]
	volatile := kind == "FS" || kind == "SWAP"
	if volatile {
		d.Del("IMAGE_ID")
	}
	if volatile && !restored {
		return // a new one will be made
	}
	d.Del("TYPE")
	d.Del("SIZE")
	if restored {
		d.Set("IMAGE_ID", strconv.Itoa(imageID))
	}
}

// restoredNIC keeps only one address of a NIC, because the others follow from it.
func (in Restoration) restoredNIC(nic *attr.Attr) {
	drop(nic, ofNICs)
	switch {
	case in.NoIP:
		drop(nic, ofIPs)
	case nic.Get("IP") != "":
		drop(nic, ofIPs[1:])
	case nic.Get("IP6") != "":
		nic.Del("MAC")
	}
}

func drop(a *attr.Attr, keys []string) {
	for _, key := range keys {
		a.Del(key)
	}
}

func dropKeys(a *attr.Attr, is func(string) bool) {
	a.Vector = slices.DeleteFunc(a.Vector, func(p attr.Pair) bool { return is(p.Key) })
}
