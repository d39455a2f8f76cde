package one

import "strings"

// ImageType is the TYPE of an image: what its bytes are for.
type ImageType int

// The types of an image.
const (
	ImageTypeOS         ImageType = 0
	ImageTypeCDROM      ImageType = 1
	ImageTypeDatablock  ImageType = 2
	ImageTypeKernel     ImageType = 3
	ImageTypeRamdisk    ImageType = 4
	ImageTypeContext    ImageType = 5
	ImageTypeBackup     ImageType = 6
	ImageTypeFilesystem ImageType = 7
)

var imageTypes = labels{
	ImageTypeOS:         {"OS", "OS"},
	ImageTypeCDROM:      {"CDROM", "CD"},
	ImageTypeDatablock:  {"DATABLOCK", "DB"},
	ImageTypeKernel:     {"KERNEL", "KL"},
	ImageTypeRamdisk:    {"RAMDISK", "RD"},
	ImageTypeContext:    {"CONTEXT", "CX"},
	ImageTypeBackup:     {"BACKUP", "BK"},
	ImageTypeFilesystem: {"FILESYSTEM", "FS"},
}

// String is the name that templates use, such as "DATABLOCK".
func (i ImageType) String() string { return imageTypes.name(int(i)) }

// Short is the two letters that lists show, such as "DB".
func (i ImageType) Short() string { return imageTypes.short(int(i)) }

// ParseImageType finds a type by its name in any case. oned takes a name it
// does not know for OS; whether to be that lenient is up to the caller.
func ParseImageType(name string) (ImageType, bool) {
	n, ok := imageTypes.find(strings.ToUpper(name))
	return ImageType(n), ok
}

// IsFile says that the image is a file for booting or context, which lives in
// a file datastore and is no disk.
func (i ImageType) IsFile() bool {
	return i == ImageTypeKernel || i == ImageTypeRamdisk || i == ImageTypeContext
}
