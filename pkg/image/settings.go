package image

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
)

// Settings are what the configuration says of images, in oned.conf's words.
type Settings struct {
	DefaultType       string   // DEFAULT_IMAGE_TYPE
	DevicePrefix      string   // DEFAULT_DEVICE_PREFIX
	Restricted        []string // IMAGE_RESTRICTED_ATTR: NAME or NAME/KEY
	SkipCapacityCheck bool     // DATASTORE_CAPACITY_CHECK = "no"

	// Place answers where the driver of a datastore keeps an image. It is
	// asked where bytes are written by others than that driver: the disk of a
	// VM that is saved as an image.
	Place func(ds *datastore.Datastore, imageID int) (string, error)
}

// DefaultSettings is oned.conf as it is delivered. Place is up to the drivers.
func DefaultSettings() Settings {
	return Settings{DefaultType: "OS", DevicePrefix: "sd", Restricted: []string{"SOURCE"}}
}
