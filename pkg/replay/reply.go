package replay

import (
	"errors"
	"fmt"
	"strings"
)

// outcome is the kind of an answer.
type outcome string

const (
	success outcome = "success" // a value, or [true, …]
	refused outcome = "refused" // [false, text, …]
	faulted outcome = "fault"
	page    outcome = "page" // no XML-RPC: an HTTP error page
)

// reply is a parsed answer.
type reply struct {
	outcome outcome
	tree    *node
	code    string // error or fault code, with the object ID of an error
	text    string // error message
}

// readReply parses a body that should be an XML-RPC answer.
func readReply(body string) (reply, error) {
	root, err := parseXML(body)
	if err != nil {
		return reply{}, err
	}
	if root.name != "methodResponse" || len(root.children) != 1 {
		return reply{}, fmt.Errorf("<%s> with %d elements is no XML-RPC answer", root.name, len(root.children))
	}
	switch body := root.children[0]; body.name {
	case "fault":
		return readFault(body)
	case "params":
		return readParams(body)
	default:
		return reply{}, fmt.Errorf("an XML-RPC answer with <%s>", body.name)
	}
}

func readParams(params *node) (reply, error) {
	if len(params.children) != 1 || params.children[0].child("value") == nil {
		return reply{}, errors.New("an XML-RPC answer must hold one value")
	}
	tree, err := decodeValue(params.children[0].child("value"))
	if err != nil {
		return reply{}, err
	}
	return newReply(tree), nil
}

// newReply tells OpenNebula's errors from successes.
func newReply(tree *node) reply {
	items := tree.children
	if tree.name != "array" || len(items) < 2 || items[0].name != "boolean" || items[0].text != "0" {
		return reply{outcome: success, tree: tree}
	}
	r := reply{outcome: refused, tree: tree, text: items[1].content()}
	if len(items) > 2 {
		r.code = items[2].text
	}
	if len(items) > 3 {
		r.code += " id " + items[3].text
	}
	return r
}

// content is the text of a string value, even if it is a document.
func (n *node) content() string {
	if len(n.children) == 0 {
		return n.text
	}
	return n.String()
}

func readFault(fault *node) (reply, error) {
	v := fault.child("value")
	if v == nil {
		return reply{}, errors.New("a fault without a value")
	}
	tree, err := decodeValue(v)
	if err != nil {
		return reply{}, err
	}
	code, text := tree.member("faultCode"), tree.member("faultString")
	if code == nil || text == nil || len(tree.children) != 2 {
		return reply{}, errors.New("a fault must have faultCode and faultString, and nothing else")
	}
	return newFault(code.text, text.content()), nil
}

// newFault makes a fault with its members in a fixed order, as the order has no meaning in
// XML-RPC.
func newFault(code, text string) reply {
	tree := &node{name: "fault", children: []*node{
		{name: "faultCode", text: code},
		{name: "faultString", text: text},
	}}
	return reply{outcome: faulted, tree: tree, code: code, text: text}
}

// member answers the value of a struct's member, or nil.
func (n *node) member(name string) *node {
	for _, m := range n.children {
		if strings.Join(m.attrs, "") == fmt.Sprintf("name=%q", name) && len(m.children) == 1 {
			return m.children[0]
		}
	}
	return nil
}

// readPage treats any other body as text, line by line.
func readPage(body string) reply {
	tree := &node{name: "page", text: strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))}
	return reply{outcome: page, tree: tree}
}
