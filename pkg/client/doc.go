// Package client lets Go programs speak OpenNebula's XML-RPC with Renkei, or
// with any oned. It exists so that our commands are a client like any other:
// they know the endpoint and the credentials that every OpenNebula tool knows,
// and nothing else of the server.
//
//	cfg, err := client.FromEnv()
//	c, err := client.New(cfg)
//	vm, err := c.Call(ctx, "one.vm.info", 5, false)
//	fmt.Println(vm.Text)
//
// Requests are written and answers are read by github.com/kolo/xmlrpc. Its own
// rpc.Client is left aside, because it can neither be cancelled nor tell a
// fault from a broken connection; the HTTP client here does both.
package client
