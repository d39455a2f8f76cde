package replay

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// target is the object that a wait looks at.
type target struct {
	method string // the call that shows it
	id     int
}

var (
	// waitName is how recorded waits name what they wait for: wait-vm0-3-3,
	// wait-image-deleted, wait-ds1-monitored; ds-d1 is the first datastore that
	// the scenario made.
	waitName  = regexp.MustCompile(`^wait-(vm|image|vnet|host|ds)(-d)?(\d+)?`)
	intParam  = regexp.MustCompile(`<param><value><(?:i4|int)>(-?\d+)</(?:i4|int)></value></param>`)
	objectOf  = regexp.MustCompile(`^one\.([a-z]+)\.`)
	waitKinds = map[string]string{"vm": "vm", "image": "image", "vnet": "vn", "host": "host", "ds": "datastore"}
)

// firstOwnID is where OpenNebula starts to number the datastores of users.
const firstOwnID = 100

// waitTarget finds the object of a wait: by the wait's name, else it is the
// one that the call before was about.
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

// exchange is a call that was made, and its answer.
type exchange struct {
	step    Step
	request string // as it was sent
	answer  answer
}

// target is the object that a call made or worked on.
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

// failedAsRecorded says that the original refused this call, so that what a
// wait after it looks for may never come to be.
func (e exchange) failedAsRecorded() bool {
	r, err := readReply(e.step.Answer)
	return err == nil && r.outcome == refused
}
