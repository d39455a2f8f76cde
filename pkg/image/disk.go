package image

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// FillDisk completes a DISK from its image and the image's datastore
// (Image::disk_attribute, Datastore::disk_attribute).
func FillDisk(in Inherited, img *Image, ds *datastore.Datastore, disk *attr.Attr) {
	fillPrefix(img, disk)
	disk.Set("IMAGE", img.Name)
	disk.Set("IMAGE_ID", strconv.Itoa(img.ID))
	disk.Set("SOURCE", img.Source)
	disk.Set("ORIGINAL_SIZE", decimal(img.SizeMB))
	want(disk, "SIZE", decimal(img.SizeMB))
	disk.Set("DISK_SNAPSHOT_TOTAL_SIZE", decimal(img.Snapshots.SizeMB()))
	fillFormat(img, disk)
	disk.Set("IMAGE_STATE", strconv.Itoa(int(img.State)))
	fillAccess(img, disk)
	disk.Del("CLONING")
	if img.State.IsLocked() {
		disk.Set("CLONING", "YES")
	}
	disk.Set("TYPE", diskType(img))
	want(disk, "TARGET", img.Template.Get("TARGET"))
	fillMount(img, disk)
	inherit(disk, img.Template, in.Image)
	fillDatastore(in, ds, disk)
}

// fillPrefix chooses the bus (DEV_PREFIX). For CD-ROMs it depends on the VM's machine type,
// which is not known here.
func fillPrefix(img *Image, disk *attr.Attr) {
	if img.Type != one.ImageTypeCDROM && img.Type != one.ImageTypeFilesystem {
		want(disk, "DEV_PREFIX", cmp.Or(img.Template.Get("DEV_PREFIX"), DefaultSettings().DevicePrefix))
	}
}

func fillFormat(img *Image, disk *attr.Attr) {
	if img.Format == "" {
		disk.Del("DRIVER")
		disk.Del("FORMAT")
		return
	}
	disk.Set("DRIVER", strings.ToLower(img.Format))
	disk.Set("FORMAT", strings.ToLower(img.Format))
}

// fillAccess sets READONLY, PERSISTENT, CLONE and the like: whether the VM writes, and whether
// to a copy or to the image itself.
func fillAccess(img *Image, disk *attr.Attr) {
	disk.Del("PERSISTENT") // only the image decides this
	kind := strings.ToUpper(img.Template.Get("PERSISTENT_TYPE"))
	if img.Type == one.ImageTypeCDROM || kind == "IMMUTABLE" {
		access(disk, "NO", "NO")
		disk.Set("READONLY", "YES")
		return
	}
	if disk.Get("READONLY") == "" {
		only, _ := img.Template.Bool("READONLY")
		disk.Set("READONLY", attr.YesNo(only))
	}
	if !img.Persistent {
		access(disk, "YES", "NO")
		return
	}
	disk.Set("PERSISTENT", "YES")
	access(disk, "NO", "YES")
	if kind == "SHAREABLE" && (img.Format == "raw" || img.Format == "dir") {
		disk.Set("SHAREABLE", "YES")
	}
}

func access(disk *attr.Attr, clone, save string) {
	disk.Set("CLONE", clone)
	disk.Set("SAVE", save)
}

func diskType(img *Image) string {
	if img.Type == one.ImageTypeCDROM {
		return one.DiskCDROM.String()
	}
	return img.DiskType.String()
}

// fillMount sets where the guest mounts a shared folder.
func fillMount(img *Image, disk *attr.Attr) {
	if img.DiskType != one.DiskFilesystem || img.Type != one.ImageTypeFilesystem {
		return
	}
	id := strconv.Itoa(img.ID)
	want(disk, "MOUNT_POINT", cmp.Or(img.Template.Get("MOUNT_POINT"), "/mnt/one-fs-"+id))
	want(disk, "MOUNT_TAG", cmp.Or(img.Template.Get("MOUNT_TAG"), "one-tag-"+id))
}

// fillDatastore sets where the image is stored and how it gets to the host.
func fillDatastore(in Inherited, ds *datastore.Datastore, disk *attr.Attr) {
	disk.Set("DATASTORE", ds.Name)
	disk.Set("DATASTORE_ID", strconv.Itoa(ds.ID))
	disk.Set("TM_MAD", ds.TMMad)
	disk.Set("CLUSTER_ID", joinIDs(ds.Clusters))
	for _, name := range []string{"CLONE_TARGET", "LN_TARGET"} {
		want(disk, name, forSystem(ds, disk, name))
	}
	inherit(disk, ds.Template, in.Datastore)
	if tm := systemTM(disk); tm != "" && ds.Template.Get("DISK_TYPE_"+tm) != "" {
		disk.Set("DISK_TYPE", ds.Template.Get("DISK_TYPE_"+tm))
		disk.Set("TYPE", ds.Template.Get("DISK_TYPE_"+tm))
	}
}

// forSystem returns a setting of a datastore for the transfer driver of the system datastore,
// if the disk names that driver (TM_MAD_SYSTEM).
func forSystem(ds *datastore.Datastore, disk *attr.Attr, name string) string {
	if tm := systemTM(disk); tm != "" {
		return cmp.Or(ds.Template.Get(name+"_"+tm), ds.Template.Get(name))
	}
	return ds.Template.Get(name)
}

func systemTM(disk *attr.Attr) string {
	return strings.ToUpper(strings.TrimSpace(disk.Get("TM_MAD_SYSTEM")))
}

// want sets an attribute that the disk does not have yet.
func want(disk *attr.Attr, key, value string) {
	if value != "" && disk.Get(key) == "" {
		disk.Set(key, value)
	}
}

func joinIDs(ids []int) string {
	words := make([]string, len(ids))
	for i, id := range slices.Sorted(slices.Values(ids)) {
		words[i] = strconv.Itoa(id)
	}
	return strings.Join(words, ",")
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
