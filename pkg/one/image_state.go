package one

import "strings"

// ImageState is the STATE of an image.
type ImageState int

// The states of an image. "Locked" means that data is being copied into it,
// which is not the lock of a user; "Pers" that its one VM writes to it.
const (
	ImageInit           ImageState = 0
	ImageReady          ImageState = 1
	ImageUsed           ImageState = 2
	ImageDisabled       ImageState = 3
	ImageLocked         ImageState = 4
	ImageError          ImageState = 5
	ImageClone          ImageState = 6
	ImageDelete         ImageState = 7
	ImageUsedPers       ImageState = 8
	ImageLockedUsed     ImageState = 9
	ImageLockedUsedPers ImageState = 10
)

var imageStates = labels{
	ImageInit:           {"INIT", "init"},
	ImageReady:          {"READY", "rdy"},
	ImageUsed:           {"USED", "used"},
	ImageDisabled:       {"DISABLED", "disa"},
	ImageLocked:         {"LOCKED", "lock"},
	ImageError:          {"ERROR", "err"},
	ImageClone:          {"CLONE", "clon"},
	ImageDelete:         {"DELETE", "dele"},
	ImageUsedPers:       {"USED_PERS", "used"},
	ImageLockedUsed:     {"LOCKED_USED", "lock"},
	ImageLockedUsedPers: {"LOCKED_USED_PERS", "lock"},
}

// String is the name that clients show, such as "USED_PERS".
func (i ImageState) String() string { return imageStates.name(int(i)) }

// Told is what oned says of the state in its messages, which do not tell who uses the
// image.
func (i ImageState) Told() string { return strings.TrimSuffix(i.String(), "_PERS") }

// Short is the few letters that lists show, such as "rdy".
func (i ImageState) Short() string { return imageStates.short(int(i)) }

// ParseImageState finds a state by its name, as hooks give it.
func ParseImageState(name string) (ImageState, bool) {
	n, ok := imageStates.find(strings.ToUpper(name))
	return ImageState(n), ok
}

// IsLocked says that the bytes of the image are not complete yet.
func (i ImageState) IsLocked() bool {
	return i == ImageLocked || i == ImageLockedUsed || i == ImageLockedUsedPers
}
