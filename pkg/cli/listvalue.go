package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

// listValue is an option with words separated by commas. Quotes mean nothing in
// it, so that a template's own quotes pass through.
type listValue []string

func (l *listValue) String() string { return strings.Join(*l, ",") }
func (l *listValue) Type() string   { return "x,y,z" }

// Set adds to the list, so that the option may be given several times.
func (l *listValue) Set(text string) error {
	*l = append(*l, strings.Split(text, ",")...)
	return nil
}

func listFlag(f *pflag.FlagSet, name, short, help string) {
	f.VarP(new(listValue), name, short, help)
}
