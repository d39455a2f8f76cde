package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

func backupjobNoun() *noun {
	n := &noun{
		name: "backupjob", program: "onebackupjob", element: "BACKUPJOB", title: "backup job",
		method: "one.backupjob.", pool: "one.backupjobpool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP PRIO NAME LAST VMS"),
		columns: []column{
			{"ID", "ONE identifier for the Backup Job", 4, adjust, text("ID")},
			{"USER", "Username of the Backup Job owner", 8, left, ownerName},
			{"GROUP", "Group of the Backup Job", 8, left, groupName},
			{"PRIO", "Priority of the Backup Job", 4, left, func(_ *view, n *node) string { return itoa(n.int("PRIORITY")) }},
			{"NAME", "Name of the Backup Job", 15, left | expand, text("NAME")},
			{"LAST", "Date for the last backup operation", 15, left | expand, func(_ *view, n *node) string {
				return layoutTime(n.int("LAST_BACKUP_TIME"), "01/02/06 15:04")
			}},
			{"VMS", "VM IDs part of this backup job", 15, left | expand, backupVMs},
		},
		show: showBackupjob,
	}
	n.verbs = slices.Concat([]verb{
		list(n), show(n), backupjobCreate(n), backupjobDelete(n), rename(n), backupjobUpdate(n),
		backupjobAct(n, "backup", "Starting Backups", "Start backup jobs").laterWith(func(*session, *input) (string, error) { return "", nil }),
		backupjobAct(n, "cancel", "Backups canceled", "Stop backup jobs and the backups that are under way"),
		backupjobAct(n, "retry", "Retrying backups for failed Virtual Machines", "Back up again the VMs that failed"),
		action("priority", "Priority changed", "Change the priority of backup jobs", func(in *input, id int) (request, error) {
			return call(n.method+"priority", id, in.number(1, -1)), nil
		}, number("priority")),
		schedDelete(n, "sched-delete", "Scheduled Action deleted"), schedUpdate(n, "sched-update"),
	}, ownedVerbs(n), lockVerbs(n, "Backup Job"))
	return n
}

// backupVMs are the IDs of the job's VMs, as many as fit in the column.
func backupVMs(_ *view, n *node) string {
	vms := n.or("TEMPLATE/BACKUP_VMS", "-")
	if len(vms) > 15 {
		return vms[:12] + "..."
	}
	return vms
}

func backupjobAct(n *noun, name, done, short string) verb {
	return action(name, done, short, func(_ *input, id int) (request, error) { return call(n.method+name, id), nil })
}

func backupjobDelete(n *noun) verb {
	return backupjobAct(n, "delete", "deleting", "Delete backup jobs")
}

// backupjobUpdate edits the template without scheduled actions, which have their own verbs.
func backupjobUpdate(n *noun) verb {
	return updateVerb("update", "modified", "Change the template of a backup job",
		func(in *input, id int, text string) request { return call(n.method+"update", id, text, appendMode(in)) },
		func(_ *input, job *node) string { return templateText(job.at("TEMPLATE").without("SCHED_ACTION")) })
}

func backupjobCreate(n *noun) verb {
	v := create(n, templateOptions{flags: backupjobFlags, build: backupjobTemplate}, scheduleFlags, nil)
	return v.running(func(s *session, in *input) error {
		text, err := s.given(in, in.word(0), templateOptions{flags: backupjobFlags, build: backupjobTemplate})
		if err != nil {
			return err
		}
		if in.bool("dry") {
			fmt.Fprintln(s.out, text)
			return nil
		}
		answer, err := s.call(call(n.method+"allocate", text))
		if err != nil {
			return err
		}
		if in.given("schedule") {
			in.ids = []int{answer.ID}
			if err := s.schedule(in, scheduled{}); err != nil {
				return err
			}
		}
		fmt.Fprintf(s.out, "ID: %d\n", answer.ID)
		return nil
	})
}

func backupjobFlags(f *pflag.FlagSet) {
	f.String("name", "", "name of the backup job")
	f.String("description", "", "what it is for")
	f.String("vms", "", "IDs of the VMs to back up, as 1,2,5")
	f.String("keep", "", "how many backups of each VM to keep")
	f.String("mode", "", "increment or full")
}

func backupjobTemplate(in *input) (string, error) {
	var t template
	for _, option := range [][2]string{
		{"name", "NAME"}, {"description", "DESCRIPTION"}, {"vms", "BACKUP_VMS"}, {"keep", "KEEP_LAST"}, {"mode", "MODE"},
	} {
		t.attribute(option[1], in.text(option[0]))
	}
	return t.text.String(), nil
}

func showBackupjob(p *page, n *node) {
	p.title("BACKUP JOB " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.permissions(n)
	p.blank()
	p.title("LAST BACKUP JOB EXECUTION INFORMATION")
	p.line("TIME", stamp(n.int("LAST_BACKUP_TIME")))
	p.line("DURATION", longPeriod(time.Duration(n.int("LAST_BACKUP_DURATION"))*time.Second))
	p.blank()
	p.title("VIRTUAL MACHINE BACKUP STATUS")
	for _, row := range [][2]string{
		{"UPDATED", "UPDATED_VMS"}, {"OUTDATED", "OUTDATED_VMS"}, {"ONGOING", "BACKING_UP_VMS"}, {"ERROR", "ERROR_VMS"},
	} {
		p.line(row[0], strings.Join(n.texts(row[1]+"/ID"), ","))
	}
	p.schedule(n, 0)
	p.section("TEMPLATE CONTENTS")
	p.template(n.at("TEMPLATE").without("SCHED_ACTION"))
}
