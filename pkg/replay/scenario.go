package replay

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxLineBytes is more than the longest recorded answer; a file with longer lines is not a
// scenario.
const maxLineBytes = 64 << 20

// Open reads a scenario in any of the formats known, told apart line by line:
//
//   - {"n","name","request","status","response"} or {"n","name","wait":{…}}:
//     requests and answers as they went over the wire; "fail" names an action
//     of the dummy hypervisor that fails from this step to the next call, or
//     goes as is said behind its name ("deploy -": no answer);
//   - {"method","params","result"} with "n" and "step", or with "case":
//     parameters and results decoded.
func Open(r io.Reader) Scenario {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLineBytes)
	return &fileScenario{lines: lines}
}

type fileScenario struct {
	lines *bufio.Scanner
	line  int
}

// Next reads one more step, skipping empty lines.
func (s *fileScenario) Next() (Step, error) {
	for s.lines.Scan() {
		s.line++
		text := strings.TrimSpace(s.lines.Text())
		if text == "" {
			continue
		}
		step, err := readStep([]byte(text), s.line)
		if err != nil {
			return Step{}, fmt.Errorf("line %d: %w", s.line, err)
		}
		return step, nil
	}
	if err := s.lines.Err(); err != nil {
		return Step{}, fmt.Errorf("after line %d: %w", s.line, err)
	}
	return Step{}, io.EOF
}

// record is a line of any format; its fields determine the format.
type record struct {
	N        int               `json:"n"`
	Name     string            `json:"name"`
	Fail     string            `json:"fail,omitempty"`
	Request  *string           `json:"request,omitempty"`
	Status   string            `json:"status,omitempty"`
	Response string            `json:"response,omitempty"`
	Wait     map[string]string `json:"wait,omitempty"`

	Method string `json:"method,omitempty"`
	Params []any  `json:"params,omitempty"`
	Result any    `json:"result,omitempty"`
	Step   string `json:"step,omitempty"`
	Case   string `json:"case,omitempty"`
}

func readStep(line []byte, number int) (Step, error) {
	var r record
	d := json.NewDecoder(strings.NewReader(string(line)))
	d.UseNumber()
	if err := d.Decode(&r); err != nil {
		return Step{}, fmt.Errorf("reading a step: %w", err)
	}
	switch {
	case r.Wait != nil:
		if r.N == 0 {
			r.N = number
		}
		return Step{N: r.N, Name: r.Name, Wait: r.Wait}, nil
	case r.Request != nil:
		return r.wire(), nil
	case r.Method != "":
		return r.decoded(number)
	default:
		return Step{}, errors.New(`a step needs "request", "wait" or "method"`)
	}
}

// wire is the step of a format with bytes.
func (r record) wire() Step {
	return Step{
		N: r.N, Name: r.Name, Fail: r.Fail, Method: methodName(*r.Request),
		Request: *r.Request, Raw: strings.HasPrefix(*r.Request, "POST /"),
		Status: r.Status, Answer: r.Response,
	}
}

// decoded is the step of a format with decoded values; the request is encoded.
func (r record) decoded(number int) (Step, error) {
	request, err := encodeCall(r.Method, r.Params)
	if err != nil {
		return Step{}, err
	}
	name := r.Method
	if about := r.Step + r.Case; about != "" {
		name += ":" + about
	}
	if r.N == 0 {
		r.N = number
	}
	return Step{N: r.N, Name: name, Fail: r.Fail, Method: r.Method, Request: request, Result: r.Result}, nil
}
