package fs

import (
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// allowed tells which local files may be imported as images: those in safe folders, and others
// that are not in restricted folders.
type allowed struct {
	safe, restricted []string
	datastore        int
}

// dirsOf reads RESTRICTED_DIRS and SAFE_DIRS, lists separated by blanks. The defaults are those
// of OpenNebula's default datastore: everything is restricted except /var/tmp.
func (s *Store) dirsOf(ds drivers.Datastore) allowed {
	a := allowed{datastore: ds.ID, safe: strings.Fields(ds.Attrs.Get("SAFE_DIRS"))}
	own, said := ds.Attrs.Lookup("RESTRICTED_DIRS")
	if !said {
		own = "/"
		if !ds.Attrs.Has("SAFE_DIRS") {
			a.safe = []string{"/var/tmp"}
		}
	}
	a.restricted = append(strings.Fields(own), s.restricted...)
	return a
}

func (a allowed) check(path string) error {
	if drivers.Within(path, a.safe) || !drivers.Within(path, a.restricted) {
		return nil
	}
	return fmt.Errorf("not allowed to copy an image from %s: check RESTRICTED_DIRS and SAFE_DIRS of datastore %d (safe now: %s)",
		path, a.datastore, strings.Join(a.safe, " "))
}
