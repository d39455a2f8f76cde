package xmlrpc

import "math"

// prologue is the start of every document.
const prologue = `<?xml version="1.0" encoding="UTF-8"?>` + "\r\n"

// rubyPrologue is prologue as Ruby writes it.
const rubyPrologue = `<?xml version="1.0" ?>`

// mostFaultBytes limits the text of a fault, which may quote the call.
const mostFaultBytes = 8 << 10

// MarshalCall encodes a call.
func MarshalCall(method string, args ...any) ([]byte, error) {
	var d document
	d.raw(prologue + "<methodCall>\r\n<methodName>")
	d.buf = AppendEscaped(d.buf, method)
	d.raw("</methodName>\r\n<params>\r\n")
	for _, v := range args {
		d.raw("<param>")
		if err := d.value(v); err != nil {
			return nil, err
		}
		d.raw("</param>\r\n")
	}
	d.raw("</params>\r\n</methodCall>\r\n")
	return d.bytes(), nil
}

// MarshalResponse encodes the response of a successful call.
func MarshalResponse(v any) ([]byte, error) {
	var d document
	if err := d.response(v); err != nil {
		return nil, err
	}
	return d.bytes(), nil
}

// MarshalFault encodes the response of a failed call.
func MarshalFault(f *Fault) []byte {
	var d document
	d.fault(f)
	return d.bytes()
}

// response writes a response with the value v.
func (d *document) response(v any) error {
	d.begin()
	d.raw("<params>\r\n<param>")
	if err := d.value(v); err != nil {
		return err
	}
	d.raw("</param>\r\n</params>\r\n")
	d.end()
	return nil
}

// begin writes the start of a response, end its end.
func (d *document) begin() {
	if d.oneLine {
		d.raw(rubyPrologue)
	} else {
		d.raw(prologue)
	}
	d.raw("<methodResponse>\r\n")
}

func (d *document) end() {
	d.raw("</methodResponse>\r\n")
	if d.oneLine {
		d.buf = append(d.buf, '\n')
	}
}

// fault writes a response with a fault. It cannot fail, because it is used after other errors.
func (d *document) fault(f *Fault) {
	code := int64(min(max(f.Code, math.MinInt32), math.MaxInt32))
	d.begin()
	d.raw("<fault>\r\n<value><struct>\r\n<member><name>faultCode</name>\r\n<value>")
	d.integer(code, true)
	d.raw("</value></member>\r\n<member><name>faultString</name>\r\n<value><string>")
	d.buf = AppendEscaped(d.buf, f.Text[:min(len(f.Text), mostFaultBytes)])
	d.raw("</string></value></member>\r\n</struct></value>\r\n</fault>\r\n")
	d.end()
}

// bytes returns the document as one slice.
func (d *document) bytes() []byte {
	if len(d.texts) == 0 {
		return d.buf
	}
	out := make([]byte, 0, d.size())
	for piece := range d.pieces {
		out = append(out, piece...)
	}
	return out
}

// pieces iterates over the document's bytes in order (an iter.Seq).
func (d *document) pieces(yield func([]byte) bool) {
	done := 0
	for _, t := range d.texts {
		if !yield(d.buf[done:t.at]) {
			return
		}
		for _, c := range t.chunks {
			if !yield(c) {
				return
			}
		}
		done = t.at
	}
	yield(d.buf[done:])
}
