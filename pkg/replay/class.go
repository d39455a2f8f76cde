package replay

// Class is how an answer compares with the recorded one.
type Class string

// The classes, from the best to the worst. A step has the worst that applies.
const (
	Equal     Class = "equal"      // the same after masking
	Waited    Class = "waited"     // a wait whose condition was met
	Withheld  Class = "withheld"   // nothing was recorded; the answer is well-formed
	Order     Class = "order"      // the same elements and values in another order
	Body      Class = "body"       // different elements or values
	ErrorText Class = "error text" // the same error with another text
	ErrorCode Class = "error code" // another error code or object, or an error instead of success, or the reverse
	Status    Class = "status"     // another HTTP status
	Unmet     Class = "wait unmet" // the condition was not met in time
	Broken    Class = "broken"     // no answer, or one that cannot be parsed
)

// classes in the order of the report's columns.
var classes = []Class{Equal, Waited, Withheld, Order, Body, ErrorText, ErrorCode, Status, Unmet, Broken}

// Differs tells whether the class is a difference that has to be in the allow-list.
func (c Class) Differs() bool { return c != Equal && c != Waited && c != Withheld }
