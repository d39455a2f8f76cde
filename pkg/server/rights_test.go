package server

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// rightsTest compares the server with the model.
type rightsTest struct {
	*rightsWorld
	model
	base    []aclRule
	callers map[string]who
	calls   int
}

func newRightsTest(t *testing.T) *rightsTest {
	w := newRightsWorld(t)
	r := &rightsTest{rightsWorld: w, model: model{objects: w.things, standings: map[string]standing{}}, callers: map[string]who{"oneadmin": {name: "oneadmin", groups: []int{0}}}}
	for _, u := range rightsUsers {
		c := who{name: u.name, uid: w.things[u.name].id, gid: int(u.groups[0].(int32))}
		for _, g := range u.groups {
			c.groups = append(c.groups, int(g.(int32)))
		}
		r.callers[u.name] = c
	}
	var err error
	if r.base, err = parseRules(w.must("one.acl.info").text); err != nil {
		t.Fatal(err)
	}
	r.rules = r.base
	for name, thing := range w.things {
		r.standings[name] = standing{bits: map[string]int{"user": 0o600, "group": 0o640}[thing.noun]}
		r.set(name, 0o600)
	}
	w.log.Fail = w.refused
	return r
}

func (r *rightsTest) has(noun, verb string) bool {
	_, ok := r.methods["one."+noun+"."+verb]
	return ok
}

// set changes the permissions of an object, if its kind has any.
func (r *rightsTest) set(name string, bits int) {
	t := r.things[name]
	if !r.has(t.noun, "chmod") {
		return
	}
	var want [9]int
	for i := range want {
		want[i] = bits >> (8 - i) & 1
	}
	r.thaw(func() { r.change(func(tx *store.Tx) error { return t.kind.Chmod(tx, nil, t.id, want) }) })
	s := r.standings[name]
	s.bits = bits
	r.standings[name] = s
}

// lock locks an object at a level of one.*.lock; 0 unlocks it.
func (r *rightsTest) lock(name string, level int) {
	t := r.things[name]
	r.thaw(func() {
		if level == 0 {
			r.must("one."+t.noun+".unlock", t.id)
			return
		}
		r.must("one."+t.noun+".lock", t.id, level)
	})
	s := r.standings[name]
	s.lock = map[int]int{1: 1, 2: 2, 3: 3, 4: 1}[level]
	r.standings[name] = s
}

func (r *rightsTest) change(fn func(tx *store.Tx) error) {
	r.t.Helper()
	if err := r.server.store.Update(r.t.Context(), fn); err != nil {
		r.t.Fatal(err)
	}
}

// withRule calls fn while there is one more rule.
func (r *rightsTest) withRule(rule aclRule, fn func()) {
	var id int
	hex := func(n uint64) string { return strconv.FormatUint(n, 16) }
	r.thaw(func() {
		id = r.must("one.acl.addrule", hex(rule.user), hex(rule.resource), hex(rule.rights), hex(rule.zone)).id
	})
	r.rules = append(slices.Clone(r.base), rule)
	fn()
	r.rules = r.base
	r.thaw(func() { r.must("one.acl.delrule", id) })
}

// TestRights calls every method as every kind of user, on objects with all relevant
// permissions, locks and ACL rules, and compares who is allowed, and the errors of others, with
// testdata/rights.txt.
func TestRights(t *testing.T) {
	r := newRightsTest(t)
	lines := readRights(t, r.things)
	known := map[string]bool{}
	for _, l := range lines {
		known[l.method] = true
		if _, served := r.methods[l.method]; served {
			t.Run(l.method, func(t *testing.T) { r.t = t; r.line(l) })
			r.t = t
		}
	}
	for name := range r.methods {
		if !known[name] {
			t.Errorf("testdata/rights.txt does not say who may call %s", name)
		}
	}
	t.Logf("%d calls", r.calls)
}

func (r *rightsTest) line(l rightsLine) {
	everybody := []string{"oneadmin", "root2", "root3", "alice", "bob", "carol", "dave"}
	about := l.about()
	r.open(about, 0o600)
	r.asAll(l, "owner's own", everybody...)
	r.asNobody(l)
	for _, name := range about {
		r.open(about, 0o777)
		r.byPermissions(l, name, everybody)
		r.byLocks(l, name, everybody)
	}
	r.byGrants(l, about)
}

func (r *rightsTest) open(names []string, bits int) {
	for _, n := range names {
		r.set(n, bits)
	}
}

func (r *rightsTest) byPermissions(l rightsLine, name string, everybody []string) {
	if !r.has(r.things[name].noun, "chmod") {
		return
	}
	for _, bits := range []int{0, 0o777} {
		r.set(name, bits)
		r.asAll(l, fmt.Sprintf("%s %o", name, bits), everybody...)
	}
	for i := range 9 {
		r.set(name, 1<<i)
		r.asAll(l, fmt.Sprintf("%s %o", name, 1<<i), "alice", "bob", "dave")
	}
	r.set(name, 0o777)
}

func (r *rightsTest) byLocks(l rightsLine, name string, everybody []string) {
	if !r.has(r.things[name].noun, "lock") {
		return
	}
	for level := 1; level <= 4; level++ {
		r.lock(name, level)
		r.asAll(l, fmt.Sprintf("%s locked at %d", name, level), everybody...)
	}
	r.lock(name, 0)
}

// byGrants gives dave, who has no rights of his own, each right by each form of ACL rule.
func (r *rightsTest) byGrants(l rightsLine, about []string) {
	r.open(about, 0)
	dave := uint64(r.callers["dave"].uid)
	for _, name := range about {
		for _, right := range []uint64{1, 2, 4} {
			for _, resource := range r.formsOf(name) {
				for _, user := range []uint64{oneOf | dave, groupOf | ops, allOf} {
					rule := aclRule{user, resource, right, oneOf}
					r.withRule(rule, func() { r.asAll(l, fmt.Sprintf("rule %x", rule), "dave") })
					if resource&oneOf == 0 {
						break // one form of user is enough for the other rights
					}
				}
			}
		}
	}
	for _, round := range l.needs {
		for _, n := range round {
			if n.object == "" {
				r.byGrantOfKind(l, n)
			}
		}
	}
}

func (r *rightsTest) formsOf(name string) []uint64 {
	t := r.things[name]
	kind := uint64(t.kind.ID())
	if t.kind.ID() == one.KindHook { // there are no rules for hooks
		return nil
	}
	forms := []uint64{kind | oneOf | uint64(t.id), kind | allOf}
	if t.gid >= 0 && t.noun != "group" {
		forms = append(forms, kind|groupOf|uint64(t.gid))
	}
	for _, c := range t.clusters {
		forms = append(forms, kind|clusterOf|uint64(c))
	}
	return forms
}

func (r *rightsTest) byGrantOfKind(l rightsLine, n need) {
	dave := uint64(r.callers["dave"].uid)
	for _, resource := range []uint64{uint64(n.kind) | allOf, uint64(n.kind) | groupOf | ops, uint64(n.kind) | groupOf | devs} {
		if resource&groupOf != 0 && slices.Contains([]one.Kind{one.KindHost, one.KindGroup, one.KindCluster, one.KindZone, one.KindVDC}, n.kind) || n.kind == one.KindHook {
			continue // there are no such rules
		}
		rule := aclRule{oneOf | dave, resource, n.bit(), oneOf}
		r.withRule(rule, func() { r.asAll(l, fmt.Sprintf("rule %x", rule), "dave") })
	}
}

// asAll calls a method as each user, and compares the answers.
func (r *rightsTest) asAll(l rightsLine, state string, names ...string) {
	args := r.arguments(l)
	for _, name := range names {
		r.calls++
		r.compare(l, state, r.callers[name], r.call(name+":secret", l.method, args...))
	}
}

// asNobody calls a method with sessions that are not valid.
func (r *rightsTest) asNobody(l rightsLine) {
	for _, session := range []string{"erin:secret", "alice:guess", "nobody:secret", "alice", ""} {
		got := r.call(session, l.method, r.arguments(l)...)
		if want := "[" + l.method + "] User couldn't be authenticated, aborting call."; got.text != want || got.code != one.CodeAuthentication {
			r.t.Errorf("%s as %q: got %q, want %q", l, session, got.text, want)
		}
	}
}

func (r *rightsTest) compare(l rightsLine, state string, c who, got answer) {
	want := r.expected(l, c)
	switch {
	case want != "" && (got.code != one.CodeAuthorization || got.text != "["+l.method+"] "+want):
		r.t.Errorf("%s as %s (%s): got %d %.300q, want %q", l, c.name, state, got.code, got.text, want)
	case want == "" && got.code == one.CodeAuthorization:
		r.t.Errorf("%s as %s (%s): refused, %q", l, c.name, state, got.text)
	case got.code == -1:
		r.t.Errorf("%s as %s (%s): %q", l, c.name, state, got.text)
	}
	for _, name := range l.pool {
		sees := strings.Contains(got.text, "<NAME>m-"+name+"</NAME>")
		mine := r.things[name].uid == c.uid
		if may := mine || r.allowed(c, need{object: name, kind: l.sees, right: "USE_NO_LCK"}); sees != may {
			r.t.Errorf("%s as %s (%s): lists %s %v, want %v", l, c.name, state, name, sees, may)
		}
	}
}

// expected answers the error, "" if the call is allowed.
func (r *rightsTest) expected(l rightsLine, c who) string {
	for _, round := range l.needs {
		if text := r.refusal(c, round); text != "" {
			return text
		}
	}
	fits := map[string]bool{"": true, "all": true, "pool": true, "gid0": c.gid == 0, "oneadmin": c.uid == 0, "admins": c.admin()}
	if !fits[l.only] {
		return fmt.Sprintf("User [%d] %s", c.uid, l.says)
	}
	return ""
}
