package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// imageRestore makes a VM template and images from a backup.
func imageRestore() verb {
	return action("restore", "vm backup restored", "Make a backup a VM template and images again", nil).single().
		with(func(f *pflag.FlagSet) {
			f.StringP("datastore", "d", "", "datastore for the images, by ID or name (mandatory)")
			f.Bool("no_nic", false, "without the network devices")
			f.Bool("no_ip", false, "without the addresses of network devices")
			f.String("name", "", "name of the template and beginning of the images' names")
			f.Int("increment", -1, "increment to restore; the last unless given")
			f.Int("disk-id", -1, "only this disk, and no template")
		}).
		running(func(s *session, in *input) error {
			if !in.given("datastore") {
				return sayf("Datastore to restore the backup is mandatory: \n\t -d datastore_id | name")
			}
			datastore, err := s.option(in, "datastore", "DATASTORE", -1)
			if err != nil {
				return err
			}
			answer, err := s.call(call("one.image.restore", in.id(), datastore, restoreOptions(in)))
			if err != nil {
				return err
			}
			ids := strings.Fields(answer.Text)
			if len(ids) > 0 && ids[0] != "-1" {
				fmt.Fprintln(s.out, "VM Template: "+ids[0])
			}
			if len(ids) > 1 {
				fmt.Fprintln(s.out, "Images: "+strings.Join(ids[1:], " "))
			}
			s.tell(in.noun, in.id(), "vm backup restored")
			return nil
		})
}

func restoreOptions(in *input) string {
	var t template
	for _, name := range []string{"no_nic", "no_ip"} {
		if in.bool(name) {
			t.attribute(strings.ToUpper(name), "YES")
		}
	}
	t.attribute("NAME", in.text("name"))
	for _, option := range [][2]string{{"increment", "INCREMENT_ID"}, {"disk-id", "DISK_ID"}} {
		if in.given(option[0]) {
			t.attribute(option[1], in.text(option[0]))
		}
	}
	return t.text.String()
}
