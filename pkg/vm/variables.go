package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// substitute replaces the variables of CONTEXT and SCHED_REQUIREMENTS: $NAME, $NAME[KEY] and
// $NAME[KEY, KEY2="value"], where NAME is an attribute of the VM, or NETWORK, IMAGE or USER.
// Unknown variables become empty; \$ is not changed.
func substitute(r store.Reader, v *VM, text string) (string, error) {
	var out strings.Builder
	err := parsePhrases(text, variableStates, func(p phrase) error {
		if p.words != nil {
			out.WriteString(refer(p.words).value(r, v))
		}
		out.WriteString(p.text)
		return nil
	})
	return out.String(), err
}

// contextSeparator joins the values of a CONTEXT into one text to replace their variables, as in
// oned: error messages quote that text.
const contextSeparator = "@^_^@"

// substituteContext replaces the variables in the values of a CONTEXT.
func substituteContext(r store.Reader, v *VM, c *attr.Attr) error {
	pairs := make([]string, len(c.Vector))
	for i, p := range c.Vector {
		pairs[i] = p.Key + "=" + p.Value
	}
	text, err := substitute(r, v, strings.Join(pairs, contextSeparator))
	if err != nil {
		return err
	}
	for part := range strings.SplitSeq(text, contextSeparator) {
		if key, value, ok := strings.Cut(part, "="); ok && c.Has(key) {
			c.Set(key, value)
		}
	}
	return nil
}

// reference is a parsed variable.
type reference struct {
	name, key string
	where, is string // the KEY2="value" that selects one of several attributes
}

// refer makes a reference of a variable's words.
func refer(words []string) (ref reference) {
	ref.name = strings.ToUpper(words[0])
	if len(words) > 1 {
		ref.key = strings.ToUpper(words[1])
	}
	if len(words) > 3 {
		ref.where, ref.is = strings.ToUpper(words[2]), words[3]
	}
	return ref
}

func (ref reference) value(r store.Reader, v *VM) string {
	if ref.key == "" {
		return single(v, ref.name)
	}
	switch ref.name {
	case "NETWORK":
		return ref.ofNetwork(r, v)
	case "IMAGE":
		return ref.ofImage(r, v)
	case "USER":
		return ofUser(r, v, ref.key)
	}
	for _, a := range v.Template.Vectors(ref.name) {
		if ref.where == "" || a.Get(ref.where) == ref.is {
			return a.Get(ref.key)
		}
	}
	return ""
}

// single returns a property or single attribute of the VM.
func single(v *VM, name string) string {
	switch name {
	case "UID":
		return strconv.Itoa(v.UID)
	case "GID":
		return strconv.Itoa(v.GID)
	case "UNAME":
		return v.UName
	case "GNAME":
		return v.GName
	case "NAME":
		return v.Name
	}
	if value := v.Template.Get(name); value != "" {
		return value
	}
	return v.User.Get(name)
}

// ofNetwork returns an attribute of a network in which the VM has a NIC.
func (ref reference) ofNetwork(r store.Reader, v *VM) string {
	if ref.where != "NETWORK" && ref.where != "NETWORK_ID" && ref.where != "NIC_ID" {
		return ""
	}
	for _, nic := range v.nics() {
		if nic.Get(ref.where) == ref.is {
			return networkValue(r, nic, ref.key)
		}
	}
	return ""
}

// networkValue returns an attribute of the NIC's address range, or of its network.
func networkValue(r store.Reader, nic *attr.Attr, key string) string {
	id, _ := nic.Int("NETWORK_ID")
	n, ok := network.Kind.Table.Get(r, store.ID(id))
	if !ok || !nic.Has("NETWORK_ID") {
		return ""
	}
	for i := range n.ARs {
		if strconv.Itoa(n.ARs[i].ID) != nic.Get("AR_ID") {
			continue
		}
		if value := n.ARs[i].Attrs.Get(key); value != "" {
			return value
		}
	}
	return n.Template.Get(key)
}

// ofImage returns an attribute of an image of one of the VM's disks.
func (ref reference) ofImage(r store.Reader, v *VM) string {
	if ref.where != "IMAGE" && ref.where != "IMAGE_ID" {
		return ""
	}
	for _, d := range v.Template.Vectors("DISK") {
		id, ok := d.Int("IMAGE_ID")
		if !ok || d.Get(ref.where) != ref.is {
			continue
		}
		if img, there := image.Kind.Table.Get(r, store.ID(id)); there {
			return img.Template.Get(ref.key)
		}
	}
	return ""
}

// ofUser returns an attribute of the VM's owner.
func ofUser(r store.Reader, v *VM, key string) string {
	if u, ok := user.Kind.Table.Get(r, store.ID(v.UID)); ok {
		return u.Template.Get(key)
	}
	return ""
}
