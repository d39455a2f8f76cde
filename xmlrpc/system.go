package xmlrpc

import "context"

// systemMethods are the methods that xmlrpc-c adds to every server, in the same order.
func (r *Registry) systemMethods() []Method {
	name := Param{Name: "methodName", Type: String}
	return []Method{
		{
			Name: "system.listMethods", Result: ArrayType, Handle: r.listMethods,
			Help: "Lists the names of all methods of this server.",
		},
		{
			Name: "system.methodExist", Params: []Param{name}, Result: Bool, Handle: r.methodExist,
			Help: "Tells whether this server has a method of that name.",
		},
		{
			Name: "system.methodHelp", Params: []Param{name}, Result: String, Handle: r.methodHelp,
			Help: "Says what a method is for.",
		},
		{
			Name: "system.methodSignature", Params: []Param{name}, Result: ArrayType, Handle: r.methodSignature,
			Help: "Lists the forms in which a method may be called. Each is a list of types, that of the result first.",
		},
		{
			Name: "system.multicall", Params: []Param{{Name: "calls", Type: ArrayType}}, Result: ArrayType, Handle: r.multicall,
			Help: "Runs several calls, each a struct of methodName and params, and answers for each " +
				"an array that holds its result, or a struct of faultCode and faultString.",
		},
		{
			Name: "system.shutdown", Params: []Param{{Name: "comment", Type: String}}, Result: Int, Handle: shutdown,
			Help: "Would stop the server; refused.",
		},
		{
			Name: "system.capabilities", Result: StructType, Handle: capabilities,
			Help: "Says which version of XML-RPC For C/C++ this server behaves like.",
		},
		{
			Name: "system.getCapabilities", Result: StructType, Handle: getCapabilities,
			Help: "Lists the extensions of XML-RPC that this server has.",
		},
	}
}

func (r *Registry) listMethods(_ context.Context, c *Call) (any, error) {
	if err := argCount(c, 0); err != nil {
		return nil, err
	}
	var names []any
	for _, name := range r.Names() {
		names = append(names, name)
	}
	return names, nil
}

func (r *Registry) methodExist(_ context.Context, c *Call) (any, error) {
	name, err := onlyString(c)
	if err != nil {
		return nil, err
	}
	_, ok := r.methods[name]
	return ok, nil
}

func (r *Registry) methodHelp(_ context.Context, c *Call) (any, error) {
	m, err := r.described(c)
	if err != nil {
		return nil, err
	}
	return m.Help, nil
}

func (r *Registry) methodSignature(_ context.Context, c *Call) (any, error) {
	m, err := r.described(c)
	if err != nil {
		return nil, err
	}
	var signature []any
	for _, name := range m.signature() {
		signature = append(signature, name)
	}
	return []any{signature}, nil
}

// signature lists the types of a method's result and parameters.
func (m *Method) signature() []string {
	if m.Signature != nil {
		return m.Signature
	}
	list := []string{m.Result.String()}
	for _, p := range m.Params {
		list = append(list, p.Type.String())
	}
	return list
}

// described finds the method that the only argument names.
func (r *Registry) described(c *Call) (*Method, error) {
	name, err := onlyString(c)
	if err != nil {
		return nil, err
	}
	m, ok := r.methods[name]
	if !ok {
		return nil, Faultf(CodeNoSuchMethod, "Method '%s' does not exist", name)
	}
	return m, nil
}

// shutdown exists because oned lists it. It does nothing: oned's server is built without it,
// too.
func shutdown(_ context.Context, c *Call) (any, error) {
	if _, err := onlyString(c); err != nil {
		return nil, err
	}
	return nil, &Fault{Code: CodeRefused, Text: "Shutdown by client is disabled on this server."}
}

// capabilities returns the version of xmlrpc-c whose behaviour this package has, because
// clients ask what to expect.
func capabilities(_ context.Context, c *Call) (any, error) {
	if err := argCount(c, 0); err != nil {
		return nil, err
	}
	return Struct{
		{"facility", "xmlrpc-c"},
		{"version_major", 1},
		{"version_minor", 33},
		{"version_point", 14},
		{"protocol_version", 2},
	}, nil
}

func getCapabilities(_ context.Context, c *Call) (any, error) {
	if err := argCount(c, 0); err != nil {
		return nil, err
	}
	return Struct{{"introspect", Struct{
		{"specUrl", "http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html"},
		{"specVersion", 1},
	}}}, nil
}

// argCount checks the number of arguments. Unlike methods of oned, system methods refuse
// surplus arguments.
func argCount(c *Call, want int) error {
	if len(c.Args) == want {
		return nil
	}
	return Faultf(CodeIndex, "%s takes %d parameters.  You supplied %d", c.Method, want, len(c.Args))
}

// onlyString returns the only argument.
func onlyString(c *Call) (string, error) {
	if err := argCount(c, 1); err != nil {
		return "", err
	}
	s, ok := c.Args[0].(string)
	if !ok {
		return "", String.demanded()
	}
	return s, nil
}
