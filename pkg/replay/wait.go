package replay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errNoObject ends a wait early, as the object does not exist.
var errNoObject = errors.New("there is no such object")

// noExists is OpenNebula's error code for an object that does not exist.
const noExists = "1024"

// wait polls the object of a wait until its condition is met, or the timeout.
func (p *player) wait(ctx context.Context, s Step) verdict {
	t, err := waitTarget(s.Name, p.last)
	if err != nil {
		return verdict{class: Unmet, detail: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, p.opt.WaitTimeout)
	defer cancel()
	seen := "no answer"
	p.record.pause(p.opt.PollEvery)
	for {
		now, err := p.look(ctx, t, s.Wait)
		switch {
		case err == nil:
			return verdict{class: Waited}
		case errors.Is(err, errNoObject):
			return p.nothingThere(t)
		case ctx.Err() == nil: // otherwise the call was cancelled
			seen = now
		}
		select {
		case <-ctx.Done():
			return verdict{class: Unmet, detail: fmt.Sprintf("%s %d: want %s, got %s after %v", t.method, t.id, conditions(s.Wait), seen, p.opt.WaitTimeout)}
		case <-time.After(p.opt.PollEvery):
		}
	}
}

// nothingThere judges a wait for an object that does not exist: that is as in the original if
// the call before was refused there, too.
func (p *player) nothingThere(t target) verdict {
	if p.last.failedAsRecorded() {
		return verdict{class: Waited, detail: "nothing to wait for: the call before is refused as recorded"}
	}
	return verdict{class: Unmet, detail: fmt.Sprintf("%s %d: there is no such object", t.method, t.id)}
}

var errNotYet = errors.New("not yet")

// look polls the object once and compares; seen is its state.
func (p *player) look(ctx context.Context, t target, want map[string]string) (seen string, err error) {
	request, err := encodeCall(t.method, []any{p.opt.Session, json.Number(strconv.Itoa(t.id)), false})
	if err != nil {
		return "", err
	}
	got, err := p.sender.send(ctx, "", false, request)
	if err != nil {
		return err.Error(), errNotYet
	}
	r, err := readReply(got.body)
	if err != nil {
		return err.Error(), errNotYet
	}
	if text, ok := want["error"]; ok {
		return fmt.Sprintf("%q", r.text), unless(r.text == text)
	}
	if r.outcome != success {
		if strings.HasPrefix(r.code, noExists) {
			return r.text, errNoObject
		}
		return r.text, errNotYet
	}
	return state(r, want)
}

func unless(reached bool) error {
	if reached {
		return nil
	}
	return errNotYet
}

// state compares the condition with the children of the root.
func state(r reply, want map[string]string) (string, error) {
	if len(r.tree.children) < 2 || len(r.tree.children[1].children) == 0 {
		return "an answer without a document", errNotYet
	}
	doc, seen, reached := r.tree.children[1].children[0], map[string]string{}, true
	for name, value := range want {
		have := "nothing"
		if e := doc.child(name); e != nil {
			have = e.text
		}
		seen[name] = have
		reached = reached && have == value
	}
	return conditions(seen), unless(reached)
}

// conditions formats the condition of a wait: LCM_STATE=3 STATE=3.
func conditions(want map[string]string) string {
	var list []string
	for name, value := range want {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
