package imagerun

import (
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/engine"
)

// Keys of the outcome of storing an image.
const (
	keySource = "source"
	keyFormat = "format"
	keySize   = "size_mib"
)

func outcome(s drivers.Stored) engine.Outcome {
	return engine.Outcome{keySource: s.Source, keyFormat: s.Format, keySize: strconv.FormatInt(s.SizeMiB, 10)}
}

func storedOf(out engine.Outcome) drivers.Stored {
	size, _ := strconv.ParseInt(out[keySize], 10, 64)
	return drivers.Stored{Source: out[keySource], Format: out[keyFormat], SizeMiB: size}
}
