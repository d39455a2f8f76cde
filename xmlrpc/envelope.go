package xmlrpc

import "math"

// prologue begins every document that we write.
const prologue = `<?xml version="1.0" encoding="UTF-8"?>` + "\r\n"

// rubyPrologue is prologue as Ruby writes it.
const rubyPrologue = `<?xml version="1.0" ?>`

// mostFaultBytes keeps a fault that quotes the call from being as long as that.
const mostFaultBytes = 8 << 10

// MarshalCall writes a call, as a client sends it.
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

// MarshalResponse writes the answer of a method that succeeded.
func MarshalResponse(v any) ([]byte, error) {
	var d document
	if err := d.response(v); err != nil {
		return nil, err
	}
	return d.bytes(), nil
}

// MarshalFault writes the answer of a method that failed.
func MarshalFault(f *Fault) []byte {
	var d document
	d.fault(f)
	return d.bytes()
}

// response makes the document an answer that holds v.
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

// begin opens an answer, end closes it.
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

// fault makes the document an answer that says what went wrong. It cannot
// fail: it is what is sent when something else did.
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

// bytes joins the document into one piece.
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

// pieces visits the document's bytes in order (an iter.Seq).
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
