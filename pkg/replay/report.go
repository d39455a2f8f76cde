package replay

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Report is the result of a run, for [Report.WriteText] or as JSON.
type Report struct {
	Results []Result `json:"results"`
	Methods []Method `json:"methods"` // sorted by name; the last line is the total
	Unused  []string `json:"unused"`  // entries of the allow-list whose played steps do not differ
	Notes   []string `json:"notes"`   // why some differences may not be the endpoint's fault

	allow Allow
}

// Result is the result of one step.
type Result struct {
	N       int           `json:"n"`
	Name    string        `json:"name"`
	Method  string        `json:"method"` // (http) and (wait) stand for steps without a method
	Class   Class         `json:"class"`
	Detail  string        `json:"detail,omitempty"`
	Allowed string        `json:"allowed,omitempty"` // the reason, if the difference is in the allow-list
	Schema  []string      `json:"schema,omitempty"`  // violations of schemas by its documents
	Diff    string        `json:"diff,omitempty"`
	Took    time.Duration `json:"took_ns"`
}

// Method is one line of the summary.
type Method struct {
	Name    string        `json:"name"`
	Steps   int           `json:"steps"`
	Counts  map[Class]int `json:"counts"`
	Allowed int           `json:"allowed"` // differences that are in the allow-list
}

// Differences counts the steps that differ and are not in the allow-list.
func (r Report) Differences() int {
	return len(r.Differing())
}

// Differing lists the steps that differ and are not in the allow-list.
func (r Report) Differing() (list []Result) {
	for _, result := range r.Results {
		if result.Class.Differs() && result.Allowed == "" {
			list = append(list, result)
		}
	}
	return list
}

// Count counts the steps of a class.
func (r Report) Count(c Class) (n int) {
	for _, result := range r.Results {
		if result.Class == c {
			n++
		}
	}
	return n
}

// add adds one result.
func (r *Report) add(result Result) {
	if result.Class.Differs() {
		_, result.Allowed = r.allow.reason(result)
	}
	r.Results = append(r.Results, result)
}

func (r *Report) note(text string) {
	if text != "" {
		r.Notes = append(r.Notes, text)
	}
}

// finish computes the totals after the last result.
func (r *Report) finish() {
	lines, sum := map[string]*Method{}, newMethod("all")
	for _, result := range r.Results {
		if lines[result.Method] == nil {
			lines[result.Method] = newMethod(result.Method)
		}
		lines[result.Method].count(result)
		sum.count(result)
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		r.Methods = append(r.Methods, *lines[name])
	}
	r.Methods = append(r.Methods, *sum)
	r.Unused = r.unused()
}

func newMethod(name string) *Method { return &Method{Name: name, Counts: map[Class]int{}} }

func (m *Method) count(result Result) {
	m.Steps++
	m.Counts[result.Class]++
	if result.Allowed != "" {
		m.Allowed++
	}
}

// unused answers the entries of the allow-list for played steps that do not differ. Entries for
// other steps are not reported.
func (r *Report) unused() []string {
	played, needed := map[string]bool{}, map[string]bool{}
	for _, result := range r.Results {
		played[fmt.Sprint(result.N)], played[result.Name] = true, true
		if result.Allowed != "" {
			entry, _ := r.allow.reason(result)
			needed[entry] = true
		}
	}
	var unused []string
	for entry := range r.allow {
		if played[entry] && !needed[entry] {
			unused = append(unused, entry)
		}
	}
	slices.Sort(unused)
	return unused
}
