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

// substitute replaces the variables of CONTEXT and SCHED_REQUIREMENTS: $NAME,
// $NAME[KEY] and $NAME[KEY, KEY2="value"], where NAME is an attribute of the
// VM, or NETWORK, IMAGE or USER. What is not there is empty; \$ is a dollar.
func substitute(r store.Reader, v *VM, text string) (string, error) {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		if !found {
			out.WriteString(text)
			return out.String(), nil
		}
		if escaped := strings.HasSuffix(before, `\`); escaped {
			out.WriteString(before[:len(before)-1] + "$")
			text = after
			continue
		}
		out.WriteString(before)
		ref, rest, err := readReference(after)
		if err != nil {
			return "", err
		}
		out.WriteString(ref.value(r, v))
		text = rest
	}
}

// reference is a variable as it was written.
type reference struct {
	name, key  string
	where, is  string // which of several: where its attribute says so
	hasBracket bool
}

// readReference reads what stands behind a dollar.
func readReference(text string) (ref reference, rest string, err error) {
	ref.name, rest = word(text)
	ref.name = strings.ToUpper(ref.name)
	if ref.name == "" || !strings.HasPrefix(rest, "[") {
		return ref, rest, nil
	}
	ref.hasBracket = true
	inside, rest, closed := strings.Cut(rest[1:], "]")
	if !closed {
		return ref, "", bad("Error parsing variable $%s: the ] is missing", ref.name)
	}
	key, condition, some := strings.Cut(inside, ",")
	ref.key = strings.ToUpper(strings.TrimSpace(key))
	if !some {
		return ref, rest, nil
	}
	where, is, ok := strings.Cut(condition, "=")
	if !ok {
		return ref, "", bad("Error parsing variable $%s: what stands behind the comma has to be KEY=\"value\"", ref.name)
	}
	ref.where, ref.is = strings.ToUpper(strings.TrimSpace(where)), strings.Trim(strings.TrimSpace(is), `"`)
	return ref, rest, nil
}

// word cuts the letters, digits and underscores off the front.
func word(text string) (string, string) {
	for i := range len(text) {
		c := text[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return text[:i], text[i:]
		}
	}
	return text, ""
}

func (ref reference) value(r store.Reader, v *VM) string {
	if !ref.hasBracket {
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

// single answers a property or a single attribute of the VM.
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

// ofNetwork answers an attribute of a network that the VM is in.
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

// networkValue looks in the address range of a NIC, then in its network.
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

// ofImage answers an attribute of an image that the VM uses.
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

// ofUser answers an attribute of the owner.
func ofUser(r store.Reader, v *VM, key string) string {
	if u, ok := user.Kind.Table.Get(r, store.ID(v.UID)); ok {
		return u.Template.Get(key)
	}
	return ""
}
