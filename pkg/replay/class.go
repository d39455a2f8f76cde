package replay

// Class says how an answer compares with the recorded one.
type Class string

// The classes, from the best to the worst. A step has the worst that applies.
const (
	Equal     Class = "equal"      // the same after masking
	Waited    Class = "waited"     // a wait whose state was reached
	Withheld  Class = "withheld"   // nothing recorded; the answer is well-formed
	Order     Class = "order"      // the same elements and values in other order
	Body      Class = "body"       // other elements or values
	ErrorText Class = "error text" // the same refusal in other words
	ErrorCode Class = "error code" // other error code or object, or refused where it succeeded, or the reverse
	Status    Class = "status"     // other HTTP status
	Unmet     Class = "wait unmet" // the state was not reached in time
	Broken    Class = "broken"     // no answer, or none that can be read
)

// classes in the order of the report's columns.
var classes = []Class{Equal, Waited, Withheld, Order, Body, ErrorText, ErrorCode, Status, Unmet, Broken}

// Differs says whether the class is a difference that must be allowed.
func (c Class) Differs() bool { return c != Equal && c != Waited && c != Withheld }
