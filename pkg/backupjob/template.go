package backupjob

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// normalize sets defaults in a job's template and returns its VMs in the order of their backups
// (BackupJob::parse).
func normalize(t *attr.Template) ([]int, error) {
	keep, _ := t.Int("KEEP_LAST")
	t.Set("KEEP_LAST", strconv.Itoa(max(keep, 0)))
	volatile, _ := t.Bool("BACKUP_VOLATILE")
	t.Set("BACKUP_VOLATILE", map[bool]string{true: "YES", false: "NO"}[volatile])
	choose(t, "FS_FREEZE", "NONE", "AGENT", "SUSPEND")
	choose(t, "MODE", "FULL", "INCREMENT")
	if t.Get("MODE") == "INCREMENT" {
		choose(t, "INCREMENT_MODE", "CBT", "SNAPSHOT")
	}
	choose(t, "EXECUTION", "SEQUENTIAL", "PARALLEL")
	if text, said := t.Lookup("DISK_IDS"); said {
		ids, err := vm.ParseDiskIDs(text)
		if err != nil {
			return nil, err
		}
		t.Set("DISK_IDS", join(ids))
	}
	vms := vmsOf(*t)
	t.Set("BACKUP_VMS", join(vms))
	return vms, nil
}

// choose sets an enumerated value; a value that is not in words becomes the first of them.
func choose(t *attr.Template, name string, words ...string) {
	word := strings.ToUpper(t.Get(name))
	if !slices.Contains(words, word) {
		word = words[0]
	}
	t.Set(name, word)
}

// vmsOf parses BACKUP_VMS and removes duplicates.
func vmsOf(t attr.Template) (ids []int) {
	for _, word := range strings.Split(t.Get("BACKUP_VMS"), ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(word)); err == nil && n >= 0 && !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
	}
	return ids
}

func join(ids []int) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.Itoa(id)
	}
	return strings.Join(words, ",")
}

// config is the backup configuration of the job's VMs.
func (j *Job) config() *attr.Attr {
	c := attr.NewVector("BACKUP_CONFIG")
	for _, name := range []string{"KEEP_LAST", "BACKUP_VOLATILE", "FS_FREEZE", "MODE", "INCREMENT_MODE", "DISK_IDS"} {
		if value, said := j.Template.Lookup(name); said {
			c.Set(name, value)
		}
	}
	return &c
}
