package domxml

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// scope looks up attributes: in the VM first, then in its host, then in the defaults. It stores
// the first invalid value, so that the builder needs to check only once.
type scope struct {
	layers []attr.Template // from the VM to the defaults
	err    error
}

// host is the scope without the VM, for what users must not choose.
func (s *scope) host() *scope { return &scope{layers: s.layers[1:]} }

// get answers the first value of a single attribute.
func (s *scope) get(name string) string {
	for _, t := range s.layers {
		if v := t.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// key answers the first value of a key of a vector attribute.
func (s *scope) key(vector, key string) string {
	for _, t := range s.layers {
		if v := t.Vector(vector).Get(key); v != "" {
			return v
		}
	}
	return ""
}

// yes tells whether a key of a vector attribute says YES.
func (s *scope) yes(vector, key string) bool { return isYes(s.key(vector, key)) }

func isYes(v string) bool { return strings.EqualFold(v, "yes") }

func (s *scope) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

// uint parses a non-negative integer; "" is 0.
func (s *scope) uint(what, v string) uint { return uint(s.uint64(what, v)) }

func (s *scope) uint64(what, v string) uint64 {
	if v == "" {
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 63)
	if err != nil {
		s.fail("%s = %q is not a whole number", what, v)
	}
	return n
}

// queues parses a number of queues; auto stands for one per virtual CPU.
func (s *scope) queues(what, v string) uint {
	if strings.EqualFold(v, "auto") {
		return s.vcpus()
	}
	return s.uint(what, v)
}

// vcpus answers the number of virtual CPUs at boot.
func (s *scope) vcpus() uint {
	v := s.get("VCPU")
	if v == "" {
		v = s.get("VCPU_MAX")
	}
	return max(1, s.uint("VCPU", v))
}

// vectorKey answers the value in a DISK or NIC, or the default of its host or of all.
func (s *scope) vectorKey(a *attr.Attr, key string) string {
	if v := a.Get(key); v != "" {
		return v
	}
	return s.host().key(a.Name, key)
}

// ptr answers a pointer to a copy of v: libvirtxml represents absent values by nil.
func ptr[T any](v T) *T { return &v }
