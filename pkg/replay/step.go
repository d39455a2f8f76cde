package replay

import "regexp"

// Step is one recorded exchange, or one wait for a state.
type Step struct {
	N       int
	Name    string
	Method  string // "" if the request is no XML-RPC call
	Request string // the body to send, or the whole request if Raw
	Raw     bool   // Request is written to the socket, including headers
	Fail    string // the action of the dummy hypervisor that fails until the next call

	Status string // "HTTP 200 OK"; "" if it was not recorded
	Answer string // the recorded body; "" if it is in Result or withheld
	Result any    // the recorded result, in formats with decoded values
	Wait   map[string]string
}

// Withheld tells whether the recording lacks the original's answer.
func (s Step) Withheld() bool { return s.Wait == nil && s.Answer == "" && s.Result == nil }

// Label is the name of the step in the report.
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

// Scenario gives the steps of a recording in order, and io.EOF after the last one.
type Scenario interface {
	Next() (Step, error)
}

var methodElement = regexp.MustCompile(`<methodName>([^<]+)</methodName>`)

// methodName finds the method without parsing, as some recorded requests are invalid on
// purpose.
func methodName(request string) string {
	m := methodElement.FindStringSubmatch(request)
	if m == nil {
		return ""
	}
	return m[1]
}
