package replay

import "regexp"

// Step is one recorded exchange, or one wait for a state.
type Step struct {
	N       int
	Name    string
	Method  string // "" where the request is no XML-RPC call
	Request string // the body to send, or the whole request when Raw
	Raw     bool   // Request is what goes over the socket, headers included
	Fail    string // the action of the dummy hypervisor that fails until the next call

	Status string // "HTTP 200 OK"; "" when the recording does not say
	Answer string // the recorded body; "" when Result holds it or it is withheld
	Result any    // the recorded result where the format keeps it decoded
	Wait   map[string]string
}

// Withheld says that the recording keeps back what the original answered.
func (s Step) Withheld() bool { return s.Wait == nil && s.Answer == "" && s.Result == nil }

// Label is what the report counts the step under.
func (s Step) Label() string {
	switch {
	case s.Wait != nil:
		return "(wait)"
	case s.Method == "" || s.Raw:
		return "(http)"
	default:
		return s.Method
	}
}

// Scenario hands out the steps of a recording in order; after the last one it
// answers io.EOF.
type Scenario interface {
	Next() (Step, error)
}

var methodElement = regexp.MustCompile(`<methodName>([^<]+)</methodName>`)

// methodName finds the method without parsing: recorded requests are broken on
// purpose now and then.
func methodName(request string) string {
	m := methodElement.FindStringSubmatch(request)
	if m == nil {
		return ""
	}
	return m[1]
}
