package object

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Restricted are attributes that only administrators may set: NAME, or NAME/KEY of a
// vector (the *_RESTRICTED_ATTR of oned.conf).
type Restricted []string

// VMOperations are the attributes by which administrators say which rights the
// operations on VMs need of a user or a group. Others may not change them.
func VMOperations() Restricted {
	return Restricted{"VM_USE_OPERATIONS", "VM_MANAGE_OPERATIONS", "VM_ADMIN_OPERATIONS"}
}

// rules are the names in order, with the keys of those that are vectors.
func (r Restricted) rules() (names []string, keys map[string][]string) {
	keys = map[string][]string{}
	for _, entry := range slices.Sorted(slices.Values(r)) {
		name, key, vector := strings.Cut(entry, "/")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		if vector {
			keys[name] = append(keys[name], key)
		}
	}
	slices.Sort(names)
	return names, keys
}

// In answers which of them a template holds, of a vector the key; "" is none.
func (r Restricted) In(t attr.Template) string {
	if !r.concern(t) { // nearly always, and there are dozens of them
		return ""
	}
	names, keys := r.rules()
	for _, name := range names {
		if keys[name] == nil && t.Has(name) {
			return name
		}
		for _, v := range t.Vectors(name) {
			for _, key := range keys[name] {
				if v.Has(key) {
					return key
				}
			}
		}
	}
	return ""
}

// concern tells whether a template holds any of them.
func (r Restricted) concern(t attr.Template) bool {
	for _, entry := range r {
		name, key, vector := strings.Cut(entry, "/")
		for _, a := range t.Named(name) {
			if !vector || a.Has(key) {
				return true
			}
		}
	}
	return false
}

// Changed answers which of them are otherwise in a template than in the one that
// stands; "" is none. With added, t is merged into that: what it does not name stays.
// Without, t takes its place: a vector may not go then, and what is simple is taken
// over into t (Template::check_restricted).
func (r Restricted) Changed(old attr.Template, t *attr.Template, added bool) string {
	if added && len(*t) == 0 {
		return ""
	}
	names, keys := r.rules()
	for _, name := range names {
		switch {
		case keys[name] != nil:
			if (t.Has(name) || !added) && !slices.Equal(values(*t, name, keys[name]), values(old, name, keys[name])) {
				return name
			}
		case t.Has(name):
			if !said(*t, name).Equal(said(old, name)) {
				return name
			}
		case !added:
			for _, a := range old.Named(name) {
				t.Add(a.Clone())
			}
		}
	}
	return ""
}

// said are the attributes of a name. One without a value says nothing.
func said(t attr.Template, name string) attr.Template {
	list := slices.Clone(t.Named(name))
	list.DelFunc(func(a *attr.Attr) bool { return !a.IsVector && a.Value == "" })
	return list
}

// values lists what vectors of a name hold under some keys.
func values(t attr.Template, name string, keys []string) (list []string) {
	for _, v := range t.Vectors(name) {
		for _, key := range keys {
			if v.Has(key) {
				list = append(list, key+"="+v.Get(key))
			}
		}
	}
	slices.Sort(list)
	return list
}

// Guard refuses an update by which somebody but an administrator changes what is
// restricted. One that he left out stays as it was.
func (r Restricted) Guard(c *one.Caller, old attr.Template, t *attr.Template, appended bool) error {
	if c.IsAdmin() {
		return nil
	}
	name := r.Changed(old, t, false) // of what was merged all is there
	switch {
	case name == "":
		return nil
	case appended:
		return one.Errorf(one.CodeInternal, "User Template includes a restricted attribute %s", name)
	}
	return one.Errorf(one.CodeInternal, "Tried to change restricted attribute: %s", name)
}
