package image

import "github.com/renkei-vpe/renkei/pkg/object"

// Settings are the settings of images, with their names in oned.conf.
type Settings struct {
	DefaultType       string            // DEFAULT_IMAGE_TYPE
	DevicePrefix      string            // DEFAULT_DEVICE_PREFIX
	Restricted        object.Restricted // IMAGE_RESTRICTED_ATTR
	SkipCapacityCheck bool              // DATASTORE_CAPACITY_CHECK = "no"
}

// DefaultSettings are the defaults of oned.conf.
func DefaultSettings() Settings {
	return Settings{DefaultType: "OS", DevicePrefix: "sd", Restricted: object.Restricted{"SOURCE"}}
}
