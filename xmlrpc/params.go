package xmlrpc

import (
	"maps"
	"slices"
	"time"
)

// Type is the type of a parameter or result.
type Type uint8

// The types of XML-RPC. Parameters of AnyType are not checked.
const (
	AnyType Type = iota
	String
	Int    // <i4>, <int>
	Int8   // <i8>
	Bool   // <boolean>
	Double // <double>
	DateTime
	Base64
	ArrayType
	StructType
	NilType
)

// Param describes one parameter of a method.
type Param struct {
	Name     string
	Type     Type
	Optional bool // may be left out, if all following ones are, too
	Default  any  // value if left out
}

// typeNames are the names in system.methodSignature.
var typeNames = [...]string{
	AnyType: "any", String: "string", Int: "int", Int8: "i8", Bool: "boolean", Double: "double",
	DateTime: "dateTime.iso8601", Base64: "base64", ArrayType: "array", StructType: "struct", NilType: "nil",
}

// typeDemands complete "Parameter that is supposed to be … is not".
var typeDemands = [...]string{
	String: "a string", Int: "integer", Int8: "64-bit integer", Bool: "boolean", Double: "floating point number",
	DateTime: "a datetime", Base64: "a byte string", ArrayType: "an array", StructType: "a structure", NilType: "nil",
}

func (t Type) String() string { return typeNames[t] }

// CheckArgs returns exactly one value for each parameter: the argument, or the default of an
// optional one that was left out. Surplus arguments are ignored, as in oned. The session is a
// parameter like the others; faces authenticate first and call this afterwards, because oned
// reports errors in that order.
func CheckArgs(params []Param, args []any) ([]any, error) {
	checked, wrong := checkArgs(params, args)
	if wrong != nil {
		return nil, wrong[slices.Min(slices.Collect(maps.Keys(wrong)))]
	}
	return checked, nil
}

// CheckArgsFromLast is CheckArgs for methods that read the parameters with the indices ahead
// first, and the others from the last to the first. The order shows when several arguments are
// wrong.
func CheckArgsFromLast(params []Param, args []any, ahead ...int) ([]any, error) {
	checked, wrong := checkArgs(params, args)
	for _, i := range ahead {
		if err, ok := wrong[i]; ok {
			return nil, err
		}
	}
	if wrong != nil {
		return nil, wrong[slices.Max(slices.Collect(maps.Keys(wrong)))]
	}
	return checked, nil
}

// checkArgs returns the values, and an error for each wrong argument by its index.
func checkArgs(params []Param, args []any) (checked []any, wrong map[int]error) {
	wrongAt := func(i int, err error) {
		if wrong == nil {
			wrong = map[int]error{}
		}
		wrong[i] = err
	}
	checked = args[:min(len(args), len(params)):min(len(args), len(params))]
	for i, p := range params {
		switch {
		case i < len(args):
			v, ok := p.Type.accept(args[i])
			if !ok {
				wrongAt(i, p.Type.demanded())
			}
			checked[i] = v
		case p.Optional:
			checked = append(checked, p.Default)
		default:
			wrongAt(i, &Fault{Code: CodeType, Text: "Not enough parameters"})
		}
	}
	return checked, wrong
}

func (t Type) demanded() *Fault {
	return Faultf(CodeType, "Parameter that is supposed to be %s is not", typeDemands[t])
}

// accept returns v as a value of the type; ok is false if it is of another type.
func (t Type) accept(v any) (any, bool) {
	ok := true
	switch t {
	case String:
		_, ok = v.(string)
	case Int:
		_, ok = v.(int32)
	case Int8:
		_, ok = v.(int64)
	case Bool:
		_, ok = v.(bool)
	case Double:
		_, ok = v.(float64)
	case DateTime:
		_, ok = v.(time.Time)
	case Base64:
		_, ok = v.([]byte)
	case ArrayType:
		_, ok = v.([]any)
	case StructType:
		_, ok = v.(Struct)
	case NilType:
		ok = v == nil
	}
	return v, ok
}
