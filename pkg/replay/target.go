package replay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// target is the object that a wait polls.
type target struct {
	method string // the method that shows it
	id     int
}

var (
	// waitName matches names of recorded waits: wait-vm0-3-3, wait-image-deleted,
	// wait-ds1-monitored; ds-d1 is the first datastore that the scenario has created.
	waitName  = regexp.MustCompile(`^wait-(vm|image|vnet|host|ds)(-d)?(\d+)?`)
	intParam  = regexp.MustCompile(`<param><value><(?:i4|int)>(-?\d+)</(?:i4|int)></value></param>`)
	objectOf  = regexp.MustCompile(`^one\.([a-z]+)\.`)
	waitKinds = map[string]string{"vm": "vm", "image": "image", "vnet": "vn", "host": "host", "ds": "datastore"}
)

// firstOwnID is the first ID of datastores that users create.
const firstOwnID = 100

// waitTarget answers the object of a wait: by the wait's name, or else that of the call before.
func waitTarget(wait string, before exchange) (target, error) {
	m := waitName.FindStringSubmatch(wait)
	if m == nil || m[3] == "" {
		return before.target()
	}
	id, err := strconv.Atoi(m[3])
	if err != nil {
		return target{}, fmt.Errorf("wait %q: %w", wait, err)
	}
	if m[2] != "" {
		id += firstOwnID - 1
	}
	return target{method: "one." + waitKinds[m[1]] + ".info", id: id}, nil
}

// exchange is a call and its answer.
type exchange struct {
	step    Step
	request string // as it was sent
	answer  answer
}

// target is the object that a call has created or changed.
func (e exchange) target() (target, error) {
	object := objectOf.FindStringSubmatch(e.step.Method)
	if object == nil {
		return target{}, fmt.Errorf("the call before, %q, is about no object", e.step.Method)
	}
	t := target{method: "one." + object[1] + ".info"}
	if strings.HasSuffix(e.step.Method, ".allocate") {
		r, err := readReply(e.answer.body)
		if err != nil || r.outcome != success || len(r.tree.children) < 2 {
			return target{}, fmt.Errorf("the call before, %s, made no object", e.step.Method)
		}
		t.id, err = strconv.Atoi(r.tree.children[1].text)
		return t, err
	}
	m := intParam.FindStringSubmatch(e.step.Request)
	if m == nil {
		return target{}, fmt.Errorf("the call before, %s, names no object", e.step.Method)
	}
	var err error
	t.id, err = strconv.Atoi(m[1])
	return t, err
}

// failedAsRecorded tells that the original refused this call, so that the condition of a wait
// after it may never be met.
func (e exchange) failedAsRecorded() bool {
	r, err := readReply(e.step.Answer)
	return err == nil && r.outcome == refused
}
