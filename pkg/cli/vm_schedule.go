package cli

import (
	"fmt"
	"strings"
)

// vmScheduleVerbs are about scheduled actions of VMs, their VM group, and backups.
func vmScheduleVerbs(n *noun) []verb {
	return []verb{
		schedDelete(n, "sched-delete", "Scheduled Action deleted").blaming("Error deleting"),
		schedUpdate(n, "sched-update"),
		vmCreateChart(n),
		schedDelete(n, "delete-chart", "Charter deleted").blaming("Error deleting"),
		schedUpdate(n, "update-chart"),
		action("vmgroup-add", "VM added to group", "Put a VM into a role of a VM group", func(in *input, id int) (request, error) {
			return call("one.vm.vmgroupadd", id, in.number(1, -1), in.word(2)), nil
		}, ref("vmgroup", "VM_GROUP"), word("role")).single(),
		callWith("vmgroup-del", "VM removed from group", "Take a VM out of its VM group", "one.vm.vmgroupdel"),
	}
}

const (
	oneDay    = 24 * 60 * 60
	charterIn = 14 * oneDay // between two actions of a charter
)

// vmCreateChart adds the scheduled actions of a charter: the VM is suspended two weeks from now
// and terminated after two more, each with a warning a day after the previous step.
func vmCreateChart(n *noun) verb {
	return verb{
		name: "create-chart", short: "Have a VM suspended, and terminated later", args: []arg{object},
		run: func(s *session, in *input) error {
			vm, _, err := s.read(n.infoRequest(in.id()))
			if err != nil {
				return err
			}
			age := s.io.now().Unix() - vm.int("STIME")
			for i, name := range []string{"suspend", "terminate"} {
				before := int64(i) * charterIn
				err := s.addScheduled(in, scheduled{
					action:  name,
					time:    fmt.Sprintf("+%d", before+charterIn+age),
					warning: fmt.Sprintf("+%d", before+oneDay),
				}, "")
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// vmBackupMode sets the backup mode of a VM.
func vmBackupMode() verb {
	modes := []string{"FULL", "INCREMENT"}
	return action("backupmode", "Updating backup mode", "Set how a VM is backed up: FULL or INCREMENT",
		func(in *input, id int) (request, error) {
			mode := in.word(1)
			if !strings.EqualFold(mode, modes[0]) && !strings.EqualFold(mode, modes[1]) {
				return request{}, sayf("Invalid backup mode: %s\nValid backup modes are: %s", mode, strings.Join(modes, ","))
			}
			return call("one.vm.updateconf", id, `BACKUP_CONFIG = ["MODE"=`+quote(mode)+"]", 1), nil
		}, word("mode")).single()
}
