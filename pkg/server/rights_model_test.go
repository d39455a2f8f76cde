package server

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// This is a model of oned's authorization, in the slowest and most obvious way. It shares
// nothing with the code under test but the numbers of the kinds.

// who is a caller.
type who struct {
	name   string
	uid    int
	gid    int
	groups []int
}

func (c who) admin() bool { return c.uid == 0 || slices.Contains(c.groups, 0) }

// standing is an object's permissions and lock.
type standing struct {
	bits int // octal: owner, group, other
	lock int // 1 use, 2 manage, 3 admin; 0 none
}

// aclRule is a rule as one.acl.info shows it.
type aclRule struct{ user, resource, rights, zone uint64 }

// model answers what oned would.
type model struct {
	objects   map[string]thing
	standings map[string]standing
	rules     []aclRule
}

// need is one right that a call requires: "img:MANAGE", "IMAGE:CREATE" or, where there is no
// object and no group, "ACL:MANAGE".
type need struct {
	object  string // "" for a kind as a whole
	kind    one.Kind
	right   string // ends in _NO_LCK if locks do not matter
	foreign bool   // not required of users whose primary group it is
}

func (n need) bit() uint64 {
	return map[string]uint64{"USE": 1, "MANAGE": 2, "ADMIN": 4, "CREATE": 8}[n.word()]
}

func (n need) word() string { return strings.TrimSuffix(n.right, "_NO_LCK") }

func (n need) noLock() bool { return n.word() != n.right }

// allowed tells whether c has a right.
func (m *model) allowed(c who, n need) bool {
	if n.object != "" && !n.noLock() {
		if lock := m.standings[n.object].lock; lock > 0 && uint64(lock) <= n.bit() {
			return false
		}
	}
	return c.admin() || n.object != "" && m.byBits(c, n) || m.byRules(c, n)
}

func (m *model) byBits(c who, n need) bool {
	t, bits := m.objects[n.object], m.standings[n.object].bits
	letter := map[uint64]int{1: 4, 2: 2, 4: 1}[n.bit()]
	owner, group, other := bits>>6&7, bits>>3&7, bits&7
	return t.uid == c.uid && owner&letter != 0 || t.gid >= 0 && slices.Contains(c.groups, t.gid) && group&letter != 0 || other&letter != 0
}

func (m *model) byRules(c who, n need) bool {
	for _, r := range m.rules {
		if r.speaksOf(c) && r.rights&n.bit() != 0 && r.resource&uint64(n.kind) != 0 && r.zone&0xffffffff == 0 && m.covers(r, c, n) {
			return true
		}
	}
	return false
}

const (
	oneOf     = 0x100000000
	groupOf   = 0x200000000
	allOf     = 0x400000000
	clusterOf = 0x800000000
)

func (r aclRule) speaksOf(c who) bool {
	id := int(r.user & 0xffffffff)
	return r.user&allOf != 0 || r.user&oneOf != 0 && id == c.uid || r.user&groupOf != 0 && slices.Contains(c.groups, id)
}

// covers tells whether the resource part of an ACL rule matches. An object to be created will
// have the caller's group.
func (m *model) covers(r aclRule, c who, n need) bool {
	id := int(r.resource & 0xffffffff)
	if n.object == "" {
		return r.resource&allOf != 0 || n.right == "CREATE" && r.resource&groupOf != 0 && id == c.gid
	}
	t := m.objects[n.object]
	switch {
	case r.resource&oneOf != 0:
		return id == t.id
	case r.resource&groupOf != 0:
		return id == t.gid
	case r.resource&allOf != 0:
		return !t.personal
	}
	return !t.personal && slices.Contains(t.clusters, id)
}

// refusal is the error of a call that requires all of these rights, "" if it is allowed.
func (m *model) refusal(c who, needs []need) string {
	var wrong []string
	for _, n := range needs {
		if n.foreign && m.objects[n.object].id == c.gid || m.allowed(c, n) {
			continue
		}
		text := "Not authorized to perform " + n.word() + " " + n.kind.String()
		if c.admin() {
			text = n.kind.String() + " is locked."
		}
		if n.object != "" {
			text += fmt.Sprintf(" [%d]", m.objects[n.object].id)
		}
		wrong = append(wrong, text)
	}
	if wrong == nil {
		return ""
	}
	return fmt.Sprintf("User [%d] : %s.", c.uid, strings.Join(wrong, "; "))
}

// parseRules parses the answer of one.acl.info.
func parseRules(text string) (rules []aclRule, err error) {
	var pool struct {
		ACL []struct{ USER, RESOURCE, RIGHTS, ZONE string }
	}
	if err := xml.Unmarshal([]byte(text), &pool); err != nil {
		return nil, err
	}
	for _, a := range pool.ACL {
		var r aclRule
		for part, text := range map[*uint64]string{&r.user: a.USER, &r.resource: a.RESOURCE, &r.rights: a.RIGHTS, &r.zone: a.ZONE} {
			if *part, err = strconv.ParseUint(text, 16, 64); err != nil {
				return nil, err
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}
