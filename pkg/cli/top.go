package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"
)

// top repeats the list until it is interrupted.
func top(n *noun) verb {
	v := list(n)
	v.name, v.short = "top", "List the "+n.title+"s continuously"
	v.long = ""
	v.flags = func(f *pflag.FlagSet) {
		listFlags(f, n)
		f.IntP("delay", "d", 1, "seconds between two looks")
	}
	v.run = func(s *session, in *input) error {
		if in.int("delay") < 1 {
			return fmt.Errorf("--delay %d: give at least 1 second", in.int("delay"))
		}
		ticker := time.NewTicker(time.Duration(in.int("delay")) * time.Second)
		defer ticker.Stop()
		for {
			if s.io.width() > 0 {
				fmt.Fprint(s.out, clearScreen)
			}
			if err := runList(s, in); err != nil {
				return err
			}
			s.out.Flush()
			select {
			case <-ticker.C:
			case <-s.ctx.Done():
				return nil
			}
		}
	}
	return v
}
