package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

// listValue is an option with a comma-separated list. Quotes are ordinary characters, so that
// values can be quoted for templates.
type listValue []string

func (l *listValue) String() string { return strings.Join(*l, ",") }
func (l *listValue) Type() string   { return "x,y,z" }

// Set appends to the list, as the option may be given several times.
func (l *listValue) Set(text string) error {
	*l = append(*l, strings.Split(text, ",")...)
	return nil
}

func listFlag(f *pflag.FlagSet, name, short, help string) {
	f.VarP(new(listValue), name, short, help)
}
