package vm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Keys of BACKUP_CONFIG.
const (
	cfgKeepLast    = "KEEP_LAST"
	cfgVolatile    = "BACKUP_VOLATILE"
	cfgFreeze      = "FS_FREEZE"
	cfgMode        = "MODE"
	cfgIncMode     = "INCREMENT_MODE"
	cfgDisks       = "DISK_IDS"
	cfgInteractive = "INTERACTIVE"
	cfgLastDS      = "LAST_DATASTORE_ID"
	cfgLastInc     = "LAST_INCREMENT_ID"     // the newest increment of the chain, or -1
	cfgChain       = "INCREMENTAL_BACKUP_ID" // the image that has the chain, or -1
	cfgFlatten     = "ACTIVE_FLATTEN"
	cfgJob         = "BACKUP_JOB_ID"
)

const modeIncrement = "INCREMENT"

// backupConfig moves BACKUP_CONFIG from a new VM's user template to its backup configuration.
func backupConfig(_ *store.Tx, _ Settings, v *VM) error {
	given := v.User.Vector("BACKUP_CONFIG")
	if given == nil {
		if v.User.Del("BACKUP_CONFIG") > 0 {
			return bad("Internal error parsing BACKUP_CONFIG attribute.")
		}
		return nil
	}
	volatile, _ := given.Bool(cfgVolatile)
	c := given.Clone()
	v.User.Del("BACKUP_CONFIG")
	return v.configureBackups(&c, canIncrement(v, volatile), false)
}

// configureBackup applies the BACKUP_CONFIG of one.vm.updateconf.
func configureBackup(v *VM, whole *attr.Attr, appendTo bool) error {
	given := configurableBackup(whole)
	if given == nil {
		return nil
	}
	volatile, said := given.Bool(cfgVolatile)
	if !said && appendTo {
		volatile = v.Backups.flag(cfgVolatile)
	}
	snapshots := v.Template.Has("SNAPSHOT")
	increment := canIncrement(v, volatile) && !snapshots
	if strings.EqualFold(given.Get(cfgMode), modeIncrement) && !increment {
		why := "it has disks snapshots or disks are not qcow2."
		if snapshots {
			why = "it has snapshots."
		}
		return bad("VM cannot use backup increment mode, %s", why)
	}
	return v.configureBackups(given, increment, appendTo)
}

// configurableBackup returns the part of a BACKUP_CONFIG that one.vm.updateconf applies: the keys
// that users may set and that have a value. Only DISK_IDS may be empty, for all disks. It returns
// nil if nothing is left.
func configurableBackup(whole *attr.Attr) *attr.Attr {
	if whole == nil {
		return nil
	}
	given := attr.NewVector(whole.Name)
	for _, key := range []string{cfgFreeze, cfgKeepLast, cfgVolatile, cfgIncMode, cfgMode, cfgDisks, cfgInteractive} {
		if text, said := whole.Lookup(key); said && (text != "" || key == cfgDisks) {
			given.Set(key, text)
		}
	}
	if len(given.Vector) == 0 {
		return nil
	}
	return &given
}

// configureBackups does as oned's Backups::parse: it replaces the configuration, or merges into
// it with appendTo. Invalid values become defaults. A change of the disks to back up starts a new
// chain.
func (v *VM) configureBackups(given *attr.Attr, increment, appendTo bool) error {
	b := &v.Backups
	disks, volatile := b.Config.Get(cfgDisks), b.flag(cfgVolatile)
	if n, ok := given.Int(cfgKeepLast); ok {
		b.Config.Set(cfgKeepLast, strconv.Itoa(max(n, 0)))
	} else if !appendTo {
		b.Config.Del(cfgKeepLast)
	}
	b.setFlag(given, cfgVolatile, appendTo)
	if err := v.chooseDisks(given, appendTo); err != nil {
		return err
	}
	b.setWord(given, cfgFreeze, "NONE", []string{"NONE", "AGENT", "SUSPEND"}, appendTo)
	b.setMode(given, increment, appendTo)
	if increment && (disks != b.Config.Get(cfgDisks) || volatile != b.flag(cfgVolatile)) {
		b.newChain()
	}
	b.setFlag(given, cfgInteractive, appendTo)
	if b.flag(cfgInteractive) && b.incremental() && b.Config.Get(cfgIncMode) == "SNAPSHOT" {
		return bad("Interactive backups do not support SNAPSHOT increment mode.")
	}
	return nil
}

// chooseDisks reads DISK_IDS, the disks to back up. All are if it is empty.
func (v *VM) chooseDisks(given *attr.Attr, appendTo bool) error {
	text, said := given.Lookup(cfgDisks)
	if !said {
		if !appendTo {
			v.Backups.Config.Del(cfgDisks)
		}
		return nil
	}
	ids, err := ParseDiskIDs(text)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.Contains(eligibleDisks(v, v.Backups.flag(cfgVolatile)), id) {
			return bad("Invalid DISK_IDS, disk %d cannot be backed up", id)
		}
	}
	if len(ids) == 0 {
		v.Backups.Config.Del(cfgDisks)
		return nil
	}
	v.Backups.Config.Set(cfgDisks, joinIDs(ids))
	return nil
}

// ParseDiskIDs reads a list such as "2,0". It returns the IDs sorted and without duplicates.
func ParseDiskIDs(text string) ([]int, error) {
	var ids []int
	if text == "" {
		return nil, nil
	}
	for _, word := range strings.Split(text, ",") {
		id, err := strconv.Atoi(strings.TrimLeft(word, " "))
		if err != nil || id < 0 {
			return nil, bad("Invalid DISK_IDS value: %s", text)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (b *Backups) setFlag(given *attr.Attr, key string, appendTo bool) {
	if on, said := given.Bool(key); said || !appendTo {
		b.Config.Set(key, attr.YesNo(on))
	}
}

// setWord sets an enumerated value; a value that is not in words becomes standard.
func (b *Backups) setWord(given *attr.Attr, key, standard string, words []string, appendTo bool) {
	word := strings.ToUpper(given.Get(key))
	switch {
	case word == "" && appendTo:
		return
	case !slices.Contains(words, word):
		word = standard
	}
	b.Config.Set(key, word)
}

func (b *Backups) setMode(given *attr.Attr, increment, appendTo bool) {
	if !increment {
		b.newChain()
		b.Config.Set(cfgMode, "FULL")
		b.Config.Del(cfgIncMode)
		return
	}
	mode := strings.ToUpper(given.Get(cfgMode))
	if mode == "" && appendTo {
		return
	}
	if mode != modeIncrement {
		mode = "FULL"
	}
	if mode == "FULL" || !b.incremental() {
		b.newChain()
	}
	b.Config.Set(cfgMode, mode)
	b.setWord(given, cfgIncMode, "CBT", []string{"CBT", "SNAPSHOT"}, appendTo)
}

// newChain makes the next backup a full one.
func (b *Backups) newChain() {
	b.Config.Set(cfgChain, "-1")
	b.Config.Set(cfgLastInc, "-1")
}

// forgetInBackups removes a disk that is being detached from DISK_IDS. If it was backed up, a new
// chain is started.
func forgetInBackups(v *VM, disk int) {
	if !v.Backups.configured() {
		return
	}
	chosen, _ := ParseDiskIDs(v.Backups.Config.Get(cfgDisks))
	if slices.Contains(v.backupDisks(), disk) {
		v.Backups.newChain()
	}
	if rest := slices.DeleteFunc(chosen, func(id int) bool { return id == disk }); len(rest) > 0 {
		v.Backups.Config.Set(cfgDisks, joinIDs(rest))
	} else {
		v.Backups.Config.Del(cfgDisks)
	}
}

// configured tells whether the VM has a BACKUP_CONFIG.
func (b *Backups) configured() bool { return !b.Config.Empty() }

func (b *Backups) incremental() bool { return b.Config.Get(cfgMode) == modeIncrement }

func (b *Backups) flag(key string) bool { on, _ := b.Config.Bool(key); return on }

// number returns an integer of the configuration, or -1 if it has none.
func (b *Backups) number(key string) int {
	if n, ok := b.Config.Int(key); ok {
		return n
	}
	return -1
}

// canIncrement tells whether all disks support incremental backups.
func canIncrement(v *VM, volatile bool) bool {
	for _, d := range v.Template.Vectors("DISK") {
		if kind := strings.ToUpper(d.Get("TYPE")); kind == "SWAP" || kind == "FS" && !volatile || kind == "FILESYSTEM" {
			continue
		}
		format, tm := strings.ToUpper(d.Get("FORMAT")), strings.ToUpper(d.Get("TM_MAD"))
		raw := format == "RAW" && slices.Contains([]string{"SSH", "LOCAL", "SHARED", "QCOW2"}, tm)
		snapshots := v.DiskSnapshots(diskID(d)) != nil
		if raw || format == "QCOW2" && snapshots {
			return false
		}
	}
	return true
}

// eligibleDisks lists the disks that can be backed up.
func eligibleDisks(v *VM, volatile bool) (ids []int) {
	for _, d := range v.Template.Vectors("DISK") {
		switch kind := strings.ToUpper(d.Get("TYPE")); {
		case kind == "SWAP", kind == "CDROM", kind == "RBD_CDROM", kind == "FILESYSTEM", kind == "FS" && !volatile:
		default:
			ids = append(ids, diskID(d))
		}
	}
	return ids
}

// backupDisks lists the disks that will be backed up.
func (v *VM) backupDisks() []int {
	ids := eligibleDisks(v, v.Backups.flag(cfgVolatile))
	chosen, _ := ParseDiskIDs(v.Backups.Config.Get(cfgDisks))
	if len(chosen) == 0 {
		return ids
	}
	return slices.DeleteFunc(ids, func(id int) bool { return !slices.Contains(chosen, id) })
}

// backupMiB is the maximum size of a backup.
func (v *VM) backupMiB() (sum int64) {
	for _, id := range v.backupDisks() {
		size, _ := v.Disk(id).Int("SIZE")
		sum += int64(size)
	}
	return sum
}
