package xmlrpc

import "fmt"

// Fault codes of xmlrpc-c (include/xmlrpc-c/base.h).
const (
	CodeInternal      = -500 // the method did not complete
	CodeType          = -501 // a parameter is missing or of the wrong type
	CodeIndex         = -502 // wrong number of elements
	CodeParse         = -503 // the call is not XML, or not XML-RPC
	CodeNoSuchMethod  = -506
	CodeRefused       = -507 // the server does not want to do that
	CodeLimitExceeded = -509 // too large, or too many
)

// Fault is an error that the caller gets as an XML-RPC fault.
type Fault struct {
	Code int
	Text string
}

func (f *Fault) Error() string { return fmt.Sprintf("fault %d: %s", f.Code, f.Text) }

// Faultf makes a Fault.
func Faultf(code int, format string, args ...any) *Fault {
	return &Fault{Code: code, Text: fmt.Sprintf(format, args...)}
}

// FaultNoParameters is what a method of oned answers if even the session is missing: it reads
// parameter 0 without checking that it exists.
func FaultNoParameters() *Fault {
	return faultIncomplete("Subscript of xmlrpc_c::paramList out of bounds")
}

// FaultNoInteger is what it answers if a list of numbers contains something else.
func FaultNoInteger() *Fault { return faultIncomplete("Not integer type.  See type() method") }

func faultIncomplete(why string) *Fault {
	return &Fault{Code: CodeInternal, Text: "Unexpected error executing code for particular method, " +
		"detected by Xmlrpc-c method registry code.  Method did not fail; rather, it did not complete at all.  " + why}
}

// asStruct is the fault as a struct, as it appears in the result of a multicall.
func (f *Fault) asStruct() Struct {
	return Struct{{"faultCode", f.Code}, {"faultString", f.Text}}
}
