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

// since answers from when on samples are wanted: seconds back from now, and
// below 0 all there are.
func (s *Server) since(seconds int) int64 {
	if seconds < 0 {
		return 0
	}
	return s.Clock().Add(-time.Duration(seconds) * time.Second).Unix()
}
