package one

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Monitoring keeps the samples of the last hours, oldest first.
type Monitoring interface {
	Host(id int) []host.Sample
	VM(id int) []vm.Sample
}

// since returns the time after which samples are wanted: that many seconds ago, or with -1
// the beginning. Other numbers below 0 mean the future, where there are no samples.
func (s *Server) since(seconds int) int64 {
	if seconds == -1 {
		return 0
	}
	return s.Clock().Add(-time.Duration(seconds) * time.Second).Unix()
}
