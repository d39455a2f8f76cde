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

// since answers after when samples are wanted: seconds back from now, and for -1 all
// there are. Other numbers below 0 are in the future, where there are none.
func (s *Server) since(seconds int) int64 {
	if seconds == -1 {
		return 0
	}
	return s.Clock().Add(-time.Duration(seconds) * time.Second).Unix()
}
