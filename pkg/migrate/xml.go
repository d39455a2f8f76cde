package migrate

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// element is an element of a document of OpenNebula. Missing elements are represented by empty
// ones.
type element struct {
	name string
	text string
	kids []*element
}

// readXML reads a whole document.
func readXML(text string) (*element, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	open := []*element{{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local}
			last.kids = append(last.kids, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
	if len(open[0].kids) != 1 {
		return nil, errors.New("there is no element")
	}
	return open[0].kids[0], nil
}

// at answers the first element with a path.
func (e *element) at(path ...string) *element {
	for _, name := range path {
		found := &element{}
		for _, kid := range e.kids {
			if kid.name == name {
				found = kid
				break
			}
		}
		e = found
	}
	return e
}

// all answers the children with a name.
func (e *element) all(name string) (list []*element) {
	for _, kid := range e.kids {
		if kid.name == name {
			list = append(list, kid)
		}
	}
	return list
}

// str answers the text of a child.
func (e *element) str(name string) string { return e.at(name).text }

// num answers the number in a child; 0 if it is missing or not a number.
func (e *element) num(name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(e.str(name)), 10, 64)
	return n
}

func (e *element) int(name string) int { return int(e.num(name)) }

// or answers the number in a child, or another if the child is missing.
func (e *element) or(name string, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(e.str(name))); err == nil {
		return n
	}
	return otherwise
}

// ids answers the numbers in a child's ID elements.
func (e *element) ids(name string) (list []int) {
	for _, id := range e.at(name).all("ID") {
		if n, err := strconv.Atoi(strings.TrimSpace(id.text)); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// template converts the children to attributes; levels below vectors are dropped, as templates
// cannot contain them.
func (e *element) template() (t attr.Template) {
	for _, kid := range e.kids {
		if len(kid.kids) > 0 {
			t.Add(kid.vector())
			continue
		}
		t.Add(attr.Attr{Name: strings.ToUpper(kid.name), Value: kid.text})
	}
	return t
}

func (e *element) vector() attr.Attr {
	v := attr.NewVector(strings.ToUpper(e.name))
	for _, kid := range e.kids {
		if len(kid.kids) == 0 {
			v.Set(kid.name, kid.text)
		}
	}
	return v
}
