package cli

import (
	"errors"

	"github.com/spf13/pflag"
)

// vmPlaceVerbs are deploy, migrate and the like.
func vmPlaceVerbs() []verb {
	return []verb{vmDeploy(), vmMigrate(), vmRecover()}
}

func vmDeploy() verb {
	v := action("deploy", "deploying", "Deploy VMs on a host chosen by hand", nil,
		ref("host", "HOST"), ref("datastore", "DATASTORE").orNone())
	v.flags = func(f *pflag.FlagSet) {
		enforceFlag(f)
		f.StringP("file", "f", "", "file with more of the template, such as networks for NICs on auto")
	}
	v.run = func(s *session, in *input) error {
		extra, err := s.extraTemplate(in)
		if err != nil {
			return err
		}
		return s.each(in, "deploying in host "+in.word(1), func(id int) error {
			_, err := s.call(call("one.vm.deploy", id, in.number(1, -1), in.bool("enforce"), in.number(2, -1), extra))
			return err
		})
	}
	return v
}

// extraTemplate is the template in a file or on standard input, usually empty.
func (s *session) extraTemplate(in *input) (string, error) {
	if in.given("file") {
		return readFile(in.text("file"))
	}
	return pipedAlready(s.io.In)
}

func vmMigrate() verb {
	return action("migrate", "migrating", "Move running VMs to another host",
		func(in *input, id int) (request, error) {
			return call("one.vm.migrate", id, in.number(1, -1), in.bool("live"), in.bool("enforce"),
				in.number(2, -1), migrationType(in)), nil
		}, ref("host", "HOST"), ref("datastore", "DATASTORE").orNone()).
		with(func(f *pflag.FlagSet) {
			enforceFlag(f)
			f.Bool("live", false, "without downtime")
			f.Bool("poff", false, "by powering off")
			f.Bool("poff-hard", false, "by pulling the plug")
		})
}

func migrationType(in *input) int {
	switch {
	case in.bool("poff"):
		return 1
	case in.bool("poff-hard"):
		return 2
	}
	return 0
}

func enforceFlag(f *pflag.FlagSet) {
	f.BoolP("enforce", "e", false, "refuse when the host has no room")
}

// recoveries are the operations of recover, by their numbers in the API.
func recoveries() []string {
	return []string{"failure", "success", "retry", "delete", "recreate", "delete-db"}
}

func vmRecover() verb {
	return action("recover", "recovering", "End a stuck operation of VMs",
		func(in *input, id int) (request, error) {
			for number, name := range recoveries() {
				if in.bool(name) {
					return call("one.vm.recover", id, number), nil
				}
			}
			return request{}, errors.New("say how the operation ended: --success, --failure, --retry, --delete, --recreate or --delete-db")
		}).
		with(func(f *pflag.FlagSet) {
			f.Bool("success", false, "it succeeded")
			f.Bool("failure", false, "it failed")
			f.Bool("retry", false, "try it again")
			f.Bool("delete", false, "give the VM up")
			f.Bool("recreate", false, "make the VM anew")
			f.Bool("delete-db", false, "forget the VM, touching no host")
		}).
		explained(`End an operation that the VM is stuck in, after looking on the host how it ended.

  --success, --failure   any ACTIVE state
  --retry                any state of failure
  --delete, --delete-db  any state
  --recreate             any state but DONE`)
}
