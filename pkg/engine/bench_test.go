package engine_test

import (
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// BenchmarkQueue10000 carries out 10,000 instant effects on 100 hosts.
func BenchmarkQueue10000(b *testing.B) {
	for b.Loop() {
		s := openOn(b, memlog.New())
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for vm := range 10000 {
				effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: vm, Op: "x", Host: vm % 100})
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		stop := run(newEngine(s, &diary{}, wide))
		for effect.Table.Len(s.Read()) > 0 {
			time.Sleep(100 * time.Microsecond)
		}
		stop()
	}
}
