package server

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// Simulate populates a server through its API: simulated hosts, and a datastore, an image, a
// network and a template called demo.
func Simulate(ctx context.Context, endpoint, authFile string, hosts int) error {
	auth, err := os.ReadFile(authFile)
	if err != nil {
		return err
	}
	c, err := client.New(client.Config{Endpoint: endpoint, Auth: strings.TrimSpace(string(auth)), Timeout: time.Minute})
	if err != nil {
		return err
	}
	call := func(method string, args ...any) {
		if err == nil {
			if _, err = c.Call(ctx, method, args...); err != nil {
				err = fmt.Errorf("%s: %w", method, err)
			}
		}
	}
	for _, ds := range []int{0, 1, 2} {
		mad := "TM_MAD=dummy\nDS_MAD=dummy"
		if ds == 0 {
			mad = "TM_MAD=dummy"
		}
		call("one.datastore.update", ds, mad, 1)
	}
	for i := range hosts {
		call("one.host.allocate", fmt.Sprintf("node%d", i+1), "dummy", "dummy", -1)
	}
	call("one.vn.allocate", simulatedNet, -1)
	call("one.image.allocate", "NAME=demo\nTYPE=DATABLOCK\nSIZE=1024", 1)
	call("one.template.allocate", simulatedTemplate)
	return err
}

const (
	simulatedNet = `NAME=demo
VN_MAD=dummy
BRIDGE=br0
AR=[TYPE=IP4, IP=10.0.0.1, SIZE=65000]`
	simulatedTemplate = `NAME=demo
CPU=0.1
MEMORY=128
DISK=[IMAGE=demo]
NIC=[NETWORK=demo]
CONTEXT=[NETWORK=YES]`
)
