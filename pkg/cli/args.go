package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// arg is an argument of a verb.
type arg struct {
	label    string
	kind     argKind
	refers   string // XML element of the noun that it names by name or ID
	part     *part  // for argPart: what it names within the object
	optional bool
}

type argKind int

const (
	argText    argKind = iota
	argObject          // one object of the noun itself, by name or ID
	argObjects         // several: a range, or a list of names and IDs
	argRef             // an object of another noun, by name or ID
	argNumber
	argPart // something within the object, by ID or name
)

var (
	object  = arg{label: "id|name", kind: argObject}
	objects = arg{label: "range|list", kind: argObjects}
	file    = arg{label: "file", optional: true}
)

func word(label string) arg         { return arg{label: label} }
func number(label string) arg       { return arg{label: label, kind: argNumber} }
func ref(label, element string) arg { return arg{label: label, kind: argRef, refers: element} }
func (a arg) orNone() arg           { a.optional = true; return a }
func usage(args []arg) (text string) {
	for _, a := range args {
		if a.optional {
			text += " [" + a.label + "]"
		} else {
			text += " <" + a.label + ">"
		}
	}
	return text
}

// input is the parsed command line, with names resolved to IDs.
type input struct {
	noun    *noun
	flags   *pflag.FlagSet
	words   []string
	ids     []int   // the objects to work on
	numbers []int   // by position, of arguments that are IDs or numbers
	context []*node // existing CONTEXT into which options are merged
}

// resolve converts names to IDs.
func (in *input) resolve(s *session, args []arg) error {
	in.numbers = make([]int, len(args))
	for i, text := range in.words {
		var err error
		switch a := args[i]; a.kind {
		case argObject:
			in.numbers[i], err = s.find(in.noun, text)
			in.ids = []int{in.numbers[i]}
		case argObjects:
			in.ids, err = s.findAll(in.noun, text)
		case argRef:
			in.numbers[i], err = s.find(nounOf(a.refers), text)
		case argPart:
			in.numbers[i], err = s.findPart(in, *a.part, text)
		case argNumber:
			if in.numbers[i], err = strconv.Atoi(text); err != nil || in.numbers[i] < 0 {
				err = fmt.Errorf("argument '%s' is not a valid ID for <%s>", text, a.label)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// id is the object of a verb with one object.
func (in *input) id() int { return in.ids[0] }

// number is the ID or number at a position, or a default.
func (in *input) number(i, absent int) int {
	if i >= len(in.words) {
		return absent
	}
	return in.numbers[i]
}

// word is the text at a position, or empty.
func (in *input) word(i int) string {
	if i >= len(in.words) {
		return ""
	}
	return in.words[i]
}

func (in *input) given(flag string) bool { return in.flags.Changed(flag) }

func (in *input) text(flag string) string {
	if f := in.flags.Lookup(flag); f != nil {
		return f.Value.String()
	}
	return ""
}

func (in *input) bool(flag string) bool {
	value, _ := in.flags.GetBool(flag)
	return value
}

func (in *input) int(flag string) int {
	value, _ := in.flags.GetInt(flag)
	return value
}

// list is the value of an option with a comma-separated list.
func (in *input) list(flag string) []string {
	if f := in.flags.Lookup(flag); f != nil {
		if l, ok := f.Value.(*listValue); ok {
			return *l
		}
	}
	return nil
}

func itoa(value int64) string { return strconv.FormatInt(value, 10) }
