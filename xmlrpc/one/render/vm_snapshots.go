package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
)

// vmSnapshots writes the snapshots of one disk.
func (w *Writer) vmSnapshots(s *image.Snapshots) {
	w.Open("SNAPSHOTS")
	w.CDATA("ALLOW_ORPHANS", s.AllowOrphans)
	w.cdataInt("CURRENT_BASE", int64(s.CurrentBase))
	w.cdataInt("DISK_ID", int64(s.DiskID))
	w.cdataInt("NEXT_SNAPSHOT", int64(s.Next))
	for i := range s.List {
		w.vmSnapshot(&s.List[i])
	}
	w.Close("SNAPSHOTS")
}

func (w *Writer) vmSnapshot(s *image.Snapshot) {
	w.Open("SNAPSHOT")
	if s.Active {
		w.CDATA("ACTIVE", "YES")
	}
	if len(s.Children) > 0 {
		w.Open("CHILDREN")
		*w = append(*w, "<![CDATA["...)
		for i, id := range s.Children {
			if i > 0 {
				*w = append(*w, ',')
			}
			*w = strconv.AppendInt(*w, int64(id), 10)
		}
		*w = append(*w, "]]>"...)
		w.Close("CHILDREN")
	}
	w.cdataInt("DATE", s.Date)
	w.cdataInt("ID", int64(s.ID))
	if s.Name != "" {
		w.CDATA("NAME", s.Name)
	}
	w.cdataInt("PARENT", int64(s.Parent))
	w.cdataInt("SIZE", s.SizeMB)
	w.Close("SNAPSHOT")
}
