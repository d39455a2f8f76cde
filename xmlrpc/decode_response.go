package xmlrpc

// response reads <methodResponse>, which holds <params> or <fault>.
func (d *decoder) response() (v any, fault *Fault, err error) {
	if err := d.root("response", "methodResponse"); err != nil {
		return nil, nil, err
	}
	count, err := d.children(func(i int) error {
		switch {
		case i > 0:
			return d.skip()
		case d.named("params"):
			v, err = d.result()
			return err
		case d.named("fault"):
			fault, err = d.faultElement()
			return err
		default:
			return parseFault("<methodResponse> must contain <params> or <fault>, but contains <%s>.", d.name)
		}
	})
	if err == nil && count != 1 {
		err = parseFault("<methodResponse> has %d children, should have 1.", count)
	}
	if err == nil {
		err = d.end()
	}
	return v, fault, err
}

// result reads the only value of <params>.
func (d *decoder) result() (any, error) {
	values, err := d.params()
	if err == nil && len(values) != 1 {
		err = parseFault("<params> of a response has %d children, should have 1.", len(values))
	}
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// faultElement reads the rest of <fault>, which holds one <value>.
func (d *decoder) faultElement() (*Fault, error) {
	v, err := d.param()
	if err != nil {
		return nil, err
	}
	s, ok := v.(Struct)
	if !ok {
		return nil, parseFault("<value> element of <fault> response is not of structure type")
	}
	code, _ := s.Get("faultCode")
	text, _ := s.Get("faultString")
	number, isInt := code.(int32)
	reason, isString := text.(string)
	if !isInt || !isString {
		return nil, parseFault("Invalid struct for <fault> value.  It needs an integer faultCode and a string faultString.")
	}
	return &Fault{Code: int(number), Text: reason}, nil
}
