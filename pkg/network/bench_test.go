package network_test

import (
	"fmt"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// BenchmarkAttach leases and releases an address of a network of 65,536 addresses, some of them
// leased. It includes the store's work for the transaction.
func BenchmarkAttach(b *testing.B) {
	const size = 1 << 16
	for _, used := range []int{0, size / 2, size - 1} {
		b.Run(fmt.Sprintf("used=%d", used), func(b *testing.B) {
			w := open(b)
			w.net("n", fmt.Sprintf("TYPE=IP4, IP=10.0.0.0, SIZE=%d", size))
			w.fill(used)
			nic := w.parse("NIC=[NETWORK_ID=0, NIC_ID=0]").Vector("NIC")
			for b.Loop() {
				w.do(func(tx *store.Tx) error {
					h, v := network.Holder{Kind: one.KindVM, ID: 1 << 20}, nic.Clone()
					if err := network.Attach(tx, w.s, h, 0, &v); err != nil {
						return err
					}
					network.Detach(tx, h, &v)
					return nil
				})
			}
		})
	}
}

// fill attaches that many NICs to network 0, each of a VM of its own.
func (w *world) fill(n int) {
	nic := w.parse("NIC=[NETWORK_ID=0, NIC_ID=0]").Vector("NIC")
	w.do(func(tx *store.Tx) error {
		for i := range n {
			v := nic.Clone()
			if err := network.Attach(tx, w.s, network.Holder{Kind: one.KindVM, ID: i}, 0, &v); err != nil {
				return err
			}
		}
		return nil
	})
}
