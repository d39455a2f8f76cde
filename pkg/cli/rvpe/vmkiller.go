package rvpe

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// defaultHours is how long a VM may run by default.
const defaultHours = 24

func vmkillerProgram() program {
	return program{
		name: "vmkiller", purpose: "shut down virtual machines that have run for too long",
		synopsis: []string{"[ options ] [ <HOURS> ]", "help"},
		about: []string{
			"Shuts down all VMs that have run for <HOURS> or longer, 24 when it is not given,",
			"but for those of some users. It is for the administrator, to be run from time to",
			"time. Files that are not named are in the folder that RVPE_LOCATION names.",
		},
		options: []option{
			{
				short: 'f', value: "EXCEPTION_USERS_FILE", set: func(s *session, file string) { s.exceptions = file },
				help: []string{": file of users whose VMs may run on, a", "  name a line; when it is not given,", "  etc/vmkiller_exceptions"},
			},
			{
				short: 'l', value: "LOG_FILE", set: func(s *session, file string) { s.logFile = file },
				help: []string{": file that what was done is added to;", "  when it is not given, var/vmkiller.log"},
			},
			helpOption,
		},
		run: vmkiller,
	}
}

// killer is one run of vmkiller.
type killer struct {
	s     *session
	hours int
	spare []string // users
	log   io.Writer
}

func vmkiller(s *session, args []string) error {
	if len(args) > 0 && args[0] == "help" {
		s.print(vmkillerProgram().help())
		return nil
	}
	hours, err := hoursIn(args)
	if err != nil {
		return err
	}
	if err := s.findFiles(); err != nil {
		return err
	}
	log, err := os.OpenFile(s.logFile, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	k := killer{s: s, hours: hours, log: log}
	return errors.Join(k.run(), log.Close())
}

func hoursIn(args []string) (int, error) {
	switch {
	case len(args) == 0:
		return defaultHours, nil
	case !digits.MatchString(args[0]):
		return 0, misusef("Error: HOURS must be an integer.")
	case len(args) > 1:
		return 0, misusef("Error: Argument error.")
	}
	hours, err := strconv.Atoi(args[0])
	if err != nil {
		return 0, misusef("Error: HOURS must be an integer.")
	}
	return hours, nil
}

// findFiles finds files at RENKEI-VPE's default paths.
func (s *session) findFiles() error {
	home := os.Getenv("RVPE_LOCATION")
	if home == "" && (s.exceptions == "" || s.logFile == "") {
		return errors.New(`set "RVPE_LOCATION" valiable.`)
	}
	if s.exceptions == "" {
		s.exceptions = filepath.Join(home, "etc", "vmkiller_exceptions")
	}
	if s.logFile == "" {
		s.logFile = filepath.Join(home, "var", "vmkiller.log")
	}
	return nil
}

// run checks all VMs. If one cannot be shut down it goes on; the first error is returned.
func (k *killer) run() error {
	now := k.s.now()
	k.note("vmkiller starts.")
	k.note("Max VM hours: %d", k.hours)
	var err error
	if k.spare, err = readUsers(k.s.exceptions); err != nil {
		return err
	}
	k.note("Exceptional users: %s", strings.Join(k.spare, ","))
	err = k.killAll(now)
	k.note("vmkiller stops.")
	return err
}

func (k *killer) note(format string, args ...any) {
	fmt.Fprintf(k.log, "[%s] %s\n", k.s.now().Format("Jan _2 2006 15:04:05"), fmt.Sprintf(format, args...))
}

// readUsers reads the names in a file; if there is none, there are no exceptions.
func readUsers(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var users []string
	for name := range strings.Lines(string(text)) {
		users = append(users, strings.TrimRight(name, "\r\n"))
	}
	return users, err
}

func (k *killer) killAll(now time.Time) (first error) {
	pool, err := k.s.document("vm.pool", flagAll, withoutHistory)
	if err != nil {
		k.note("%v", err)
		return err
	}
	for _, vm := range pool.all("VM") {
		if !k.isOver(vm, now) {
			continue
		}
		if err := k.kill(vm); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// isOver tells whether a VM has run for too long.
func (k *killer) isOver(vm *node, now time.Time) bool {
	ran := now.Sub(time.Unix(int64(vm.int("STIME")), 0))
	return vm.get("ETIME") == "0" && !slices.Contains(k.spare, vm.get("USER_NAME")) && ran.Hours() >= float64(k.hours)
}

func (k *killer) kill(vm *node) error {
	if _, err := k.s.call("vm.action", vm.int("ID"), "shutdown"); err != nil {
		k.note("VM[%s] owned by User[%s] is not shutdown: %v", vm.id(), vm.get("USER_NAME"), err)
		return err
	}
	k.s.say("Request done: shutdown VM[%s]", vm.id())
	k.note("VM[%s] owned by User[%s] is shutdown.", vm.id(), vm.get("USER_NAME"))
	return nil
}
