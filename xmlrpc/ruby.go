package xmlrpc

// CodeRubyMissing is the fault of Ruby's XML-RPC server for a method that does not exist, or
// that got too many or too few arguments.
const CodeRubyMissing = -99

// NewRuby makes a Registry that behaves like Ruby's XML-RPC server: answers are one line,
// there are three system methods, listed last, and calling a method with the wrong number
// of arguments is the same error as calling one that does not exist.
func NewRuby() *Registry {
	r := &Registry{methods: map[string]*Method{}, ruby: true}
	for _, m := range r.rubySystemMethods() {
		r.methods[m.Name] = &m
		r.last = append(r.last, m.Name)
	}
	return r
}

func (r *Registry) rubySystemMethods() []Method {
	name := Param{Name: "methodName", Type: String}
	return []Method{
		{Name: "system.listMethods", Signature: []string{"array"}, Handle: r.listMethods, Help: "List methods available on this XML-RPC server"},
		{
			Name: "system.methodSignature", Params: []Param{name}, Signature: []string{"array", "string"}, Handle: r.methodSignature,
			Help: "Returns method signature",
		},
		{
			Name: "system.methodHelp", Params: []Param{name}, Signature: []string{"string", "string"}, Handle: r.methodHelp,
			Help: "Help on using this method",
		},
	}
}

// rubyMissing is the fault for a method that does not exist, or that has other arguments.
func rubyMissing(m *Method, c *Call) error {
	if m != nil && len(c.Args) == len(m.Params) {
		return nil
	}
	return Faultf(CodeRubyMissing, "Method %s missing or wrong number of parameters!", c.Method)
}

// appendOneLine appends markup without line breaks.
func appendOneLine(dst []byte, markup string) []byte {
	for i := range len(markup) {
		if c := markup[i]; c != '\r' && c != '\n' {
			dst = append(dst, c)
		}
	}
	return dst
}
