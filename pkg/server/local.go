package server

import (
	"net"
	"os"
	"strings"
)

// localHosts answers a test for names of this machine: its host name, localhost, and the
// addresses of its interfaces.
func localHosts() (func(name string) bool, error) {
	names := map[string]bool{"localhost": true}
	if name, err := os.Hostname(); err == nil {
		names[strings.ToLower(name)] = true
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok {
			names[ip.IP.String()] = true
		}
	}
	return func(name string) bool { return names[strings.ToLower(name)] }, nil
}
