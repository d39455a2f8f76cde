package libvirt

import (
	"errors"
	"fmt"
	"strings"

	lv "libvirt.org/go/libvirt"
)

var (
	errAbsent = errors.New("libvirt is not installed on the front end: apt-get install libvirt0")
	errClosed = errors.New("the libvirt driver was closed")
)

// plain answers libvirt's own message. Those of the binding are longer; errors.As still finds
// them.
func plain(err error) error {
	var e lv.Error
	if !errors.As(err, &e) {
		return err
	}
	if strings.Contains(e.Message, "libvirt.so.0") {
		return errAbsent
	}
	return &hostError{e}
}

// hostError is an error with libvirt's own message.
type hostError struct{ err lv.Error }

func (e *hostError) Error() string { return e.err.Message }
func (e *hostError) Unwrap() error { return e.err }

// is tells whether err is an error of libvirt with one of these codes.
func is(err error, codes ...lv.ErrorNumber) bool {
	var e lv.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}

// noCgroups tells whether a domain did not start because its host has no CPU shares.
func noCgroups(err error) bool {
	return is(err, lv.ERR_CONFIG_UNSUPPORTED) && strings.Contains(err.Error(), "CPU tuning")
}

func notRunning(name string) error { return fmt.Errorf("domain %s is not running", name) }
