package one22

import (
	"bytes"
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// This file is for RENKEI-VPE's face. RENKEI-VPE stood on OpenNebula 2.2: it shows 2.2's XML
// and error texts, and works on images and VMs through 2.2's methods.

// AppendVMStatus appends, escaped, the part of OpenNebula's VM that RENKEI-VPE shows: its
// status, its template and its last history record.
func AppendVMStatus(b []byte, r store.Reader, row *store.Row[vm.VM]) []byte {
	b = render.AppendEscaped(b, func(w *render.Writer) { vmNumbers(w, r, row.Val, false) })
	return append(append(b, vmTemplate(r, row)...), vmLast.Escaped(r, row)...)
}

// AppendImage appends an image, escaped; last writes further elements at its end.
func AppendImage(b []byte, r store.Reader, row *store.Row[image.Image], inPool bool, last func(w *render.Writer)) []byte {
	form := ImageInfo
	if inPool {
		form = ImagePool
	}
	const end = "&lt;/IMAGE&gt;"
	b = append(b, bytes.TrimSuffix(form.Escaped(r, row), []byte(end))...)
	return append(render.AppendEscaped(b, last), end...)
}

// IsKnownImage reports whether 2.2 shows an image.
func IsKnownImage(img *image.Image) bool { return isKnownImage(img) }

// rules are the methods that can be run in another face's transaction, by name, with the
// class that their error texts begin with.
var rules = map[string]struct {
	class string
	run   func(*store.Tx, *Server, *call) (any, error)
}{
	"vm.allocate":      {"VirtualMachineAllocate", vmAllocate},
	"vm.action":        {"VirtualMachineAction", vmAction},
	"vm.savedisk":      {"VirtualMachineSaveDisk", vmSaveDisk},
	"image.allocate":   {"ImageAllocate", imageAllocate},
	"image.delete":     {"ImageDelete", imageDelete},
	"image.publish":    {"ImagePublish", imagePublish},
	"image.persistent": {"ImagePersistent", imagePersistent},
	"image.update":     {"ImageUpdate", imageUpdate},
	"host.enable":      {"HostEnable", hostEnable},
}

// Within runs a method in a transaction. Its error is in 2.2's words.
func (s *Server) Within(tx *store.Tx, c *one.Caller, name string, args ...any) (any, error) {
	rule := rules[name]
	for i, a := range args {
		if n, ok := a.(int); ok {
			args[i] = int32(n)
		}
	}
	v, err := rule.run(tx, s, &call{Caller: c, args: args})
	return v, asOne(rule.class, err)
}

// EnableImage enables an image after looking at its file, or disables it.
func (s *Server) EnableImage(ctx context.Context, c *one.Caller, id int, on bool) error {
	_, err := imageEnable(ctx, s, &call{Caller: c, Snap: s.Store.Read(), args: []any{int32(id), on}})
	return asOne("ImageEnable", err)
}

// NoSuchImage is 2.2's error for the ID of an image that does not exist.
func NoSuchImage(method string, id int) error { return asOne(method, noSuch("IMAGE", id)) }

// NoSuchHost is NoSuchImage for hosts.
func NoSuchHost(method string, id int) error { return asOne(method, noSuch("HOST", id)) }

// asOne turns an error in 2.2's words into one that other faces can answer.
func asOne(class string, err error) error {
	var t *refused
	if errors.As(err, &t) {
		return one.Errorf(one.CodeAction, "%s", textOf(class, err))
	}
	return err
}
