package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// stock has the objects that calls can be about.
type stock struct {
	vms, hosts []int
	vm         string // template of a VM
	template   int
}

// Size is how many objects a server has before it is measured.
type Size struct {
	Hosts, VMs int
	VM         string // template of a VM; "" for one with a disk
	Present    bool   // uses existing objects instead of creating any
}

// templateOfVM has a disk, which makes VMs about as large as those of the published baseline,
// 1.4 kB in a pool and 2.6 kB extended.
const templateOfVM = `CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE = "bench" ]`

// LargeVM is a more realistic VM: with a disk, a NIC with a lease, and CONTEXT.
const LargeVM = `CPU = "0.1"
VCPU = "1"
MEMORY = "64"
DISK = [ IMAGE = "bench" ]
NIC = [ NETWORK = "bench" ]
CONTEXT = [ NETWORK = "YES", SSH_PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI bench" ]`

// fill creates simulated hosts, and VMs on hold, through the API.
func (t Target) fill(ctx context.Context, size Size) (*stock, error) {
	c, err := t.caller()
	if err != nil {
		return nil, err
	}
	defer c.close()
	if !size.Present {
		if err := furnish(c, size.Hosts, size.vm()); err != nil {
			return nil, err
		}
		if err := t.allocate(ctx, size.VMs, size.vm(), true); err != nil {
			return nil, err
		}
	}
	s, err := take(c)
	if err != nil {
		return nil, err
	}
	s.vm = size.vm()
	return s, nil
}

func (s Size) vm() string { return cmp.Or(s.VM, templateOfVM) }

// furnish creates what VMs need.
func furnish(c *caller, hosts int, vm string) error {
	for ds, drivers := range []string{"TM_MAD=dummy", "TM_MAD=dummy\nDS_MAD=dummy"} {
		if _, err := c.call("one.datastore.update", ds, drivers, 1); err != nil {
			return err
		}
	}
	for i := range hosts {
		if _, err := c.call("one.host.allocate", fmt.Sprintf("bench-%04d", i), "dummy", "dummy", -1); err != nil {
			return err
		}
	}
	for _, made := range []struct {
		method string
		args   []any
	}{
		{"one.vn.allocate", []any{"NAME=bench\nVN_MAD=dummy\nBRIDGE=br0\nAR=[TYPE=IP4, IP=10.0.0.1, SIZE=1000000]", -1}},
		{"one.image.allocate", []any{"NAME=bench\nTYPE=DATABLOCK\nSIZE=100\nPERSISTENT=NO", 1}},
		{"one.template.allocate", []any{"NAME=bench\n" + vm}},
	} {
		if _, err := c.call(made.method, made.args...); err != nil {
			return err
		}
	}
	return nil
}

// allocate creates n VMs with many concurrent clients.
func (t Target) allocate(ctx context.Context, n int, template string, hold bool) error {
	g, ctx := errgroup.WithContext(ctx)
	var made atomic.Int64
	for range 16 {
		g.Go(func() error {
			c, err := t.caller()
			if err != nil {
				return err
			}
			defer c.close()
			for ctx.Err() == nil && made.Add(1) <= int64(n) {
				if _, err := c.call("one.vm.allocate", template, hold); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

// take lists the existing objects.
func take(c *caller) (s *stock, err error) {
	s = &stock{}
	if s.vms, err = c.ids("VM", "one.vmpool.info", -2, -1, -1, -1); err != nil {
		return nil, err
	}
	if s.hosts, err = c.ids("HOST", "one.hostpool.info"); err != nil {
		return nil, err
	}
	templates, err := c.ids("VMTEMPLATE", "one.templatepool.info", -2, -1, -1)
	if err != nil {
		return nil, err
	}
	if len(s.vms) == 0 || len(s.hosts) == 0 || len(templates) == 0 {
		return nil, fmt.Errorf("%d VMs, %d hosts and %d templates are there: one of each is needed", len(s.vms), len(s.hosts), len(templates))
	}
	s.template = templates[0]
	return s, nil
}

// ids reads the IDs of all objects of a pool.
func (c *caller) ids(tag, method string, args ...any) (ids []int, err error) {
	var answer bytes.Buffer
	if _, _, err := c.ask(&answer, method, args...); err != nil {
		return nil, err
	}
	id := regexp.MustCompile("&lt;" + tag + "(?:&gt;|>)&lt;ID(?:&gt;|>)([0-9]+)")
	for _, m := range id.FindAllSubmatch(answer.Bytes(), -1) {
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			return nil, err
		}
		ids = append(ids, n)
	}
	slices.Sort(ids)
	return ids, nil
}

func parseEndpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("endpoint %q is not a URL", text)
	}
	return u, nil
}

// count counts the occurrences of a text in an answer.
func (c *caller) count(method, text string, args ...any) (int, error) {
	var answer bytes.Buffer
	if _, _, err := c.ask(&answer, method, args...); err != nil {
		return 0, err
	}
	return bytes.Count(answer.Bytes(), []byte(text)), nil
}
