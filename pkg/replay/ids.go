package replay

import (
	"regexp"
	"strconv"
	"strings"
)

// ids maps recorded IDs to those of the endpoint, by kind, as endpoints begin at different
// numbers. Only recordings with decoded values need it; those with bytes are of endpoints with
// the same numbers.
type ids map[string]map[string]string

// idParams are the kinds of the objects in the integer parameters of methods, in order; "" is no
// ID. Methods that are not listed have the ID of an object of their own kind.
var idParams = map[string][]string{
	"one.cluster.add": {"host", "cluster"}, "one.cluster.remove": {"host"},
	"one.vm.deploy": {"vm", "host"}, "one.vm.migrate": {"vm", "host"}, "one.vm.savedisk": {"vm", "", "image"},
	"one.vmpool.info": {"user", ""}, "one.vnpool.info": {"user"}, "one.imagepool.info": {"user"},
}

// idElements are the kinds of IDs in documents: by element, or by the parent of ID.
var idElements = map[string]string{
	"UID": "user", "USER/ID": "user", "CLUSTER/ID": "cluster", "HOST/ID": "host", "HID": "host",
	"VM/ID": "vm", "VMID": "vm", "VID": "vm", "IMAGE/ID": "image", "IMAGE_ID": "image", "SAVE_AS": "image",
	"VNET/ID": "vn", "NETWORK_ID": "vn",
}

// idTexts match IDs in error messages.
var idTexts = []struct {
	kind string
	text *regexp.Regexp
}{
	{"user", regexp.MustCompile(`\b(?:User|USER) \[(\d+)\]`)}, {"host", regexp.MustCompile(`\bHOST \[(\d+)\]`)},
	{"vm", regexp.MustCompile(`\bVM \[(\d+)\]`)}, {"image", regexp.MustCompile(`\bIMAGE \[(\d+)\]`)},
	{"vn", regexp.MustCompile(`\bNET \[?(\d+)`)}, {"cluster", regexp.MustCompile(`\bCLUSTER \[(\d+)\]`)},
}

var anyInt = regexp.MustCompile(`<i4>(\d+)</i4>`)

// of answers the endpoint's ID of a recorded object.
func (m ids) of(kind, id string) string {
	if ours, ok := m[kind][id]; ok {
		return ours
	}
	return id
}

// request replaces IDs in a call by the endpoint's.
func (m ids) request(s Step, request string) string {
	if s.Result == nil {
		return request
	}
	kinds, known := idParams[s.Method]
	if !known {
		kinds = []string{kindOf(s.Method)}
	}
	n := -1
	return anyInt.ReplaceAllStringFunc(request, func(element string) string {
		if n++; n >= len(kinds) {
			return element
		}
		return "<i4>" + m.of(kinds[n], anyInt.FindStringSubmatch(element)[1]) + "</i4>"
	})
}

// kindOf is the kind of object of a method.
func kindOf(method string) string {
	if object := objectOf.FindStringSubmatch(method); object != nil {
		return object[1]
	}
	return ""
}

// learn adds the ID of an object that a call has created.
func (m ids) learn(s Step, want, got reply) {
	kind := kindOf(s.Method)
	if !strings.HasSuffix(s.Method, ".allocate") || want.outcome != success || got.outcome != success {
		return
	}
	theirs, ours := firstValue(want.tree), firstValue(got.tree)
	if _, err := strconv.Atoi(ours); err != nil {
		return
	}
	if m[kind] == nil {
		m[kind] = map[string]string{}
	}
	m[kind][theirs] = ours
}

// firstValue is the value after the success flag.
func firstValue(tree *node) string {
	if len(tree.children) < 2 {
		return ""
	}
	return tree.children[1].text
}

// answer replaces IDs in a recorded answer by the endpoint's.
func (m ids) answer(s Step, r reply) reply {
	for _, t := range idTexts {
		r.text = m.inText(t.kind, t.text, r.text)
	}
	r.tree = m.inTree(s, "", r.tree)
	if r.outcome == success && len(r.tree.children) > 1 && r.tree.children[1].name == "int" {
		r.tree.children[1].text = m.of(kindOf(s.Method), r.tree.children[1].text)
	}
	return r
}

func (m ids) inText(kind string, at *regexp.Regexp, text string) string {
	return at.ReplaceAllStringFunc(text, func(found string) string {
		id := at.FindStringSubmatch(found)[1]
		return strings.Replace(found, id, m.of(kind, id), 1)
	})
}

func (m ids) inTree(s Step, parent string, n *node) *node {
	out := &node{name: n.name, attrs: n.attrs, text: n.text}
	kind, ok := idElements[n.name]
	if !ok {
		kind = idElements[parent+"/"+n.name]
	}
	switch {
	case kind != "":
		out.text = m.of(kind, n.text)
	case parent == "array" && n.name == "string":
		for _, t := range idTexts {
			out.text = m.inText(t.kind, t.text, out.text)
		}
	}
	for _, c := range n.children {
		out.children = append(out.children, m.inTree(s, n.name, c))
	}
	return out
}
