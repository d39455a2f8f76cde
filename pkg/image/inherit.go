package image

import "github.com/renkei-vpe/renkei/pkg/attr"

// Inherited lists the attributes that disks copy from their image and its datastore, unless
// they have them.
type Inherited struct {
	Image     []string // INHERIT_IMAGE_ATTR
	Datastore []string // INHERIT_DATASTORE_ATTR
}

// DefaultInherited are the defaults of oned.conf.
func DefaultInherited() Inherited {
	return Inherited{
		Image: []string{
			"ISCSI_USER", "ISCSI_USAGE", "ISCSI_HOST", "ISCSI_IQN", "LUKS_SECRET", "DISK_TYPE", "SERIAL", "MOUNT_POINT", "MOUNT_TAG",
		},
		Datastore: []string{
			"CEPH_HOST", "CEPH_SECRET", "CEPH_KEY", "CEPH_USER", "CEPH_CONF", "CEPH_TRASH", "POOL_NAME",
			"ISCSI_USER", "ISCSI_USAGE", "ISCSI_HOST", "GLUSTER_HOST", "GLUSTER_VOLUME",
			"DISK_TYPE", "ALLOW_ORPHANS", "QCOW2_STANDALONE", "SPARSE", "LVM_THIN_ENABLE", "PERSISTENT_SNAPSHOTS",
		},
	}
}

// inherit copies the listed attributes. If one is a vector, its pairs are copied.
func inherit(disk *attr.Attr, from attr.Template, names []string) {
	for _, name := range names {
		if v := from.Vector(name); v != nil {
			for _, p := range v.Vector {
				want(disk, p.Key, p.Value)
			}
			continue
		}
		want(disk, name, from.Get(name))
	}
}
