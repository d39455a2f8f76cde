package xmlrpc

import "errors"

// elementsPerValue is how many elements a value needs at most: <struct><member><value> and the
// <value> around them.
const elementsPerValue = 4

// decoder decodes calls and responses.
type decoder struct {
	scanner
	limits Limits
	values int // read so far
}

// UnmarshalCall decodes a call. The error is a Fault with the text that xmlrpc-c has for the
// same mistake.
func UnmarshalCall(doc []byte, limits Limits) (method string, args []any, err error) {
	d, err := newDecoder(doc, limits)
	if err == nil {
		method, args, err = d.call()
	}
	if err != nil {
		return "", nil, d.refuse("Call XML not a proper XML-RPC call.  ", "Call is not valid XML.  ", err)
	}
	return method, args, nil
}

// UnmarshalResponse decodes a response. The error is the Fault in the response, or says why it
// is not a valid response.
func UnmarshalResponse(doc []byte, limits Limits) (any, error) {
	d, err := newDecoder(doc, limits)
	var v any
	var fault *Fault
	if err == nil {
		v, fault, err = d.response()
	}
	switch {
	case err != nil:
		return nil, d.refuse("Response is not a proper XML-RPC response.  ", "Not valid XML.  ", err)
	case fault != nil:
		return nil, fault
	default:
		return v, nil
	}
}

func newDecoder(doc []byte, limits Limits) (*decoder, error) {
	limits = limits.withDefaults()
	doc, err := toUTF8(doc)
	if err != nil {
		return &decoder{}, err
	}
	d := &decoder{scanner: newScanner(doc, elementsPerValue*(limits.Depth+1)), limits: limits}
	d.open = d.room[:0]
	return d, nil
}

// refuse makes the fault for an invalid document. Like xmlrpc-c, which parses the whole
// document first, it prefers an XML error to an XML-RPC error.
func (d *decoder) refuse(prefix, xmlPrefix string, err error) *Fault {
	var fault *Fault
	if !errors.As(err, &fault) {
		return &Fault{Code: CodeParse, Text: prefix + xmlPrefix + err.Error()}
	}
	if bad, isXML := d.restIsXML(); !isXML {
		return &Fault{Code: CodeParse, Text: prefix + xmlPrefix + bad.reason}
	}
	return &Fault{Code: fault.Code, Text: prefix + fault.Text}
}

// restIsXML checks the rest of the document for well-formedness, as far as its depth allows.
func (d *decoder) restIsXML() (*xmlError, bool) {
	for !d.stopped {
		d.scratch = d.scratch[:0]
		tok, err := d.next()
		var bad *xmlError
		if errors.As(err, &bad) {
			return bad, false
		}
		if err == nil && tok == tokenEOF {
			break
		}
	}
	return nil, true
}

func parseFault(format string, args ...any) error { return Faultf(CodeParse, format, args...) }

func errTooDeep() error { return parseFault("Nested data structure too deep.") }

// root reads the first tag, which must be that of the named element.
func (d *decoder) root(kind, name string) error {
	if _, err := d.next(); err != nil { // before the root element, there can be no other token
		return err
	}
	if !d.named(name) {
		return parseFault("XML-RPC %s should be a <%s> element.  Instead, we have a <%s> element.", kind, name, d.name)
	}
	return nil
}

// call reads <methodCall>.
func (d *decoder) call() (method string, args []any, err error) {
	if err := d.root("call", "methodCall"); err != nil {
		return "", nil, err
	}
	var named, params bool
	count, err := d.children(func(_ int) error {
		switch {
		case d.named("methodName") && !named:
			named = true
			method, err = d.methodName()
			return err
		case d.named("params") && !params:
			params = true
			args, err = d.params()
			return err
		default:
			return d.skip()
		}
	})
	switch {
	case err != nil:
		return "", nil, err
	case !named:
		return "", nil, parseFault("Expected <methodCall> to have child <methodName>")
	case count > 1 && !params:
		return "", nil, parseFault("Expected <methodCall> to have child <params>")
	case count > 2:
		return "", nil, parseFault("<methodCall> has extraneous children, other than <methodName> and <params>.  Total child count = %d", count)
	}
	return method, args, d.end()
}

func (d *decoder) methodName() (string, error) {
	text, children, err := d.content()
	if err == nil && children > 0 {
		err = parseFault("A <methodName> element should not have children.  This one has %d of them.", children)
	}
	return string(text), err
}

// params reads the rest of <params>.
func (d *decoder) params() ([]any, error) {
	args := make([]any, 0, 4) // enough for most calls
	_, err := d.children(func(_ int) error {
		if !d.named("param") {
			return parseFault("Expected element of type <param>, found <%s>", d.name)
		}
		v, err := d.param()
		args = append(args, v)
		return err
	})
	return args, err
}

// param reads the rest of <param>, which holds one <value>.
func (d *decoder) param() (v any, err error) {
	count, err := d.children(func(i int) error {
		if i > 0 {
			return d.skip()
		}
		if !d.named("value") {
			return parseFault("Expected element of type <value>, found <%s>", d.name)
		}
		v, err = d.value(1)
		return err
	})
	if err == nil && count != 1 {
		err = parseFault("Expected <param> to have 1 children, found %d", count)
	}
	return v, err
}

// end checks that nothing follows the root element.
func (d *decoder) end() error {
	_, err := d.next()
	return err
}

// named reports whether the last tag has this name.
func (d *decoder) named(name string) bool { return string(d.name) == name }

// children reads up to the end of the current element. For each child, it calls each, which
// must read the child to its end; its name is in d.name. It returns the number of children.
// Text between them is ignored.
func (d *decoder) children(each func(i int) error) (count int, err error) {
	for {
		tok, err := d.next()
		switch {
		case err != nil:
			return count, err
		case tok == tokenEnd:
			return count, nil
		case tok == tokenStart:
			if err := each(count); err != nil {
				return count, err
			}
			count++
		}
		d.scratch = d.scratch[:0]
	}
}

// skip reads up to the end of the current element.
func (d *decoder) skip() error {
	for depth := len(d.open); len(d.open) >= depth || d.closing; {
		d.scratch = d.scratch[:0]
		if _, err := d.next(); err != nil {
			return err
		}
	}
	return nil
}

// content reads the text of the current element, up to its end.
func (d *decoder) content() (text []byte, children int, err error) {
	d.scratch = d.scratch[:0]
	parts := 0
	for {
		tok, err := d.next()
		switch {
		case err != nil:
			return nil, children, err
		case tok == tokenEnd:
			return text, children, nil
		case tok == tokenText:
			text = d.join(text, parts)
			parts++
		case tok == tokenStart:
			children++
			if err := d.skip(); err != nil {
				return nil, children, err
			}
			text, parts = nil, 0 // skip has overwritten the scratch memory, and the text is not needed if there are children
		}
	}
}

// join appends the current text to the earlier parts. A single part, as in nearly every
// element, is not copied.
func (d *decoder) join(text []byte, parts int) []byte {
	switch parts {
	case 0:
		return d.text
	case 1:
		text = append(make([]byte, 0, 2*(len(text)+len(d.text))), text...)
	}
	return append(text, d.text...)
}
