package xmlrpc

// value reads the rest of <value>. Without a type it is a string.
func (d *decoder) value(depth int) (any, error) {
	if depth > d.limits.Depth {
		return nil, errTooDeep()
	}
	if d.values++; d.values > d.limits.Values {
		return nil, Faultf(CodeLimitExceeded, "More than %d values: split the call.", d.limits.Values)
	}
	d.scratch = d.scratch[:0]
	var (
		v               any
		text            []byte
		parts, children int
	)
	for {
		tok, err := d.next()
		if err != nil {
			return nil, err
		}
		switch tok {
		case tokenText:
			text = d.join(text, parts)
			parts++
		case tokenStart:
			if v, err = d.child(v, depth, children); err != nil {
				return nil, err
			}
			children++
			text, parts = nil, 0
		case tokenEnd:
			return valueOf(v, text, children)
		}
	}
}

// child decodes the first child of <value>, which is its type, and counts the others, which are
// an error.
func (d *decoder) child(v any, depth, before int) (any, error) {
	if before > 0 {
		return v, d.skip()
	}
	return d.typed(depth)
}

func valueOf(v any, text []byte, children int) (any, error) {
	switch children {
	case 0:
		return string(text), nil
	case 1:
		return v, nil
	default:
		return nil, parseFault("<value> has %d child elements.  Only zero or one make sense.", children)
	}
}

// typed decodes the type element inside of a <value>.
func (d *decoder) typed(depth int) (any, error) {
	switch string(d.name) {
	case "array":
		return d.array(depth)
	case "struct":
		return d.structure(depth)
	}
	name := d.name // points into the document, so it stays valid
	text, children, err := d.content()
	switch {
	case err != nil:
		return nil, err
	case children > 0:
		return nil, parseFault("The child of a <value> element is neither <array> nor <struct>, but has %d child elements of its own.", children)
	default:
		return scalar(name, text)
	}
}

// scalar decodes the text of a type element.
func scalar(name, text []byte) (any, error) {
	switch string(name) {
	case "string":
		return string(text), nil
	case "i4", "int", "i1", "i2", "ex:i1", "ex:i2":
		return parseInt(string(text))
	case "boolean":
		return parseBool(string(text))
	case "i8", "ex:i8":
		return parseInt8(string(text))
	case "double":
		return parseDouble(string(text))
	case "dateTime.iso8601":
		return parseDateTime(string(text))
	case "base64":
		return parseBase64(text)
	case "nil", "ex:nil":
		return nil, nil
	default:
		return nil, parseFault("Unknown value type -- XML element is named <%s>", name)
	}
}

// array reads the rest of <array>, which holds one <data>.
func (d *decoder) array(depth int) (any, error) {
	items := []any{}
	count, err := d.children(func(i int) (err error) {
		switch {
		case i > 0:
			return d.skip()
		case !d.named("data"):
			return parseFault("<array> element has <%s> child.  Only <data> makes sense.", d.name)
		}
		items, err = d.items(items, depth)
		return err
	})
	if err == nil && count != 1 {
		err = parseFault("<array> element has %d children.  Only one <data> makes sense.", count)
	}
	if err != nil {
		return nil, err
	}
	return items, nil
}

// items reads the rest of <data>.
func (d *decoder) items(items []any, depth int) ([]any, error) {
	_, err := d.children(func(_ int) error {
		if !d.named("value") {
			return parseFault("<data> element has <%s> child.  Only <value> makes sense.", d.name)
		}
		v, err := d.value(depth + 1)
		items = append(items, v)
		return err
	})
	return items, err
}

// structure reads the rest of <struct>.
func (d *decoder) structure(depth int) (any, error) {
	members := Struct{}
	_, err := d.children(func(_ int) error {
		if !d.named("member") {
			return parseFault("<%s> element found where only <member> makes sense", d.name)
		}
		m, err := d.member(depth)
		members = append(members, m)
		return err
	})
	if err != nil {
		return nil, err
	}
	return members, nil
}

// member reads the rest of <member>: one <name> and one <value>.
func (d *decoder) member(depth int) (m Member, err error) {
	var named, valued bool
	count, err := d.children(func(_ int) error {
		switch {
		case d.named("name") && !named:
			named = true
			m.Name, err = d.memberName()
			return err
		case d.named("value") && !valued:
			valued = true
			m.Value, err = d.value(depth + 1)
			return err
		default:
			return d.skip()
		}
	})
	switch {
	case err != nil:
		return m, err
	case count != 2:
		return m, parseFault("<member> element has %d children.  Only one <name> and one <value> make sense.", count)
	case !named:
		return m, parseFault("<member> has no <name> child")
	case !valued:
		return m, parseFault("<member> has no <value> child")
	}
	return m, nil
}

func (d *decoder) memberName() (string, error) {
	text, children, err := d.content()
	if err == nil && children > 0 {
		err = parseFault("<name> element has %d children.  Should have none.", children)
	}
	return string(text), err
}
