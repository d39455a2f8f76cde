package image

import "github.com/renkei-vpe/renkei/pkg/object"

// Settings are what the configuration says of images, in oned.conf's words.
type Settings struct {
	DefaultType       string            // DEFAULT_IMAGE_TYPE
	DevicePrefix      string            // DEFAULT_DEVICE_PREFIX
	Restricted        object.Restricted // IMAGE_RESTRICTED_ATTR
	SkipCapacityCheck bool              // DATASTORE_CAPACITY_CHECK = "no"
}

// DefaultSettings is oned.conf as it is delivered.
func DefaultSettings() Settings {
	return Settings{DefaultType: "OS", DevicePrefix: "sd", Restricted: object.Restricted{"SOURCE"}}
}
