package cli

import (
	"encoding/base64"
	"fmt"

	"github.com/spf13/pflag"
)

// vmGuestVerbs back VMs up and run commands in them.
func vmGuestVerbs() []verb {
	return []verb{
		vmBackup(),
		callWith("backup-cancel", "Canceling backup", "Stop a backup that is under way", "one.vm.backupcancel").blaming("Error canceling VM backup"),
		vmRestore(),
		action("exec", "Executing a command", "Run a command in VMs", func(in *input, id int) (request, error) {
			return call("one.vm.exec", id, in.word(1), base64.StdEncoding.EncodeToString([]byte(in.text("stdin")))), nil
		}, word("command")).with(func(f *pflag.FlagSet) { f.String("stdin", "", "text for its input") }),
		callWith("exec-retry", "Retrying last command", "Run the last command again", "one.vm.retryexec"),
		callWith("exec-cancel", "Canceling last command", "Stop the command that runs", "one.vm.cancelexec"),
	}
}

func vmBackup() verb {
	v := action("backup", "Backup", "Back a VM up", nil).single().
		with(func(f *pflag.FlagSet) {
			f.StringP("datastore", "d", "", "backup datastore, by ID or name")
			f.Bool("reset", false, "begin a new chain of increments with a full backup")
		}).
		running(func(s *session, in *input) error {
			datastore, err := s.option(in, "datastore", "DATASTORE", -1)
			if err != nil {
				return err
			}
			if _, err = s.call(call("one.vm.backup", in.id(), datastore, in.bool("reset"))); err == nil {
				s.tell(in.noun, in.id(), "Backup")
			}
			return err
		})
	return v.blaming("Error creating VM backup").laterWith(func(s *session, in *input) (string, error) {
		datastore, err := s.option(in, "datastore", "DATASTORE", -1)
		reset := 0
		if in.bool("reset") {
			reset = 1
		}
		return fmt.Sprintf("%d,%d", datastore, reset), err
	})
}

func vmRestore() verb {
	return action("restore", "Restoring VM from backup", "Restore a VM that is powered off from a backup",
		func(in *input, id int) (request, error) {
			return call("one.vm.restore", id, in.number(1, -1), in.int("increment"), in.int("disk-id")), nil
		}, ref("image", "IMAGE")).single().
		with(func(f *pflag.FlagSet) {
			f.Int("increment", -1, "increment to restore; -1 for the last")
			f.Int("disk-id", -1, "disk to restore; -1 for all")
		}).blaming("Error restoring")
}
