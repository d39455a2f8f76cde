package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

// Plan is what is to be done.
type Plan struct {
	Counts []Count  // what will be there, by kind
	Notes  []string // what will be other than it was
	Bars   []string // what stands against it

	steps []func(tx *store.Tx) error
	moves []move // of files, before the transaction
}

// Count is how many objects of a kind there will be.
type Count struct {
	What string
	N    int
}

// move is a file that goes elsewhere.
type move struct{ from, to string }

func (p *Plan) count(what string, n int) { p.Counts = append(p.Counts, Count{what, n}) }
func (p *Plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}
func (p *Plan) bar(format string, args ...any) { p.Bars = append(p.Bars, fmt.Sprintf(format, args...)) }
func (p *Plan) then(step func(tx *store.Tx) error) {
	p.steps = append(p.steps, step)
}

// Write tells what will be done.
func (p *Plan) Write(w io.Writer) {
	for _, c := range p.Counts {
		fmt.Fprintf(w, "%6d %s\n", c.N, c.What)
	}
	for _, m := range p.moves {
		fmt.Fprintf(w, "move  %s to %s\n", m.from, m.to)
	}
	for _, n := range p.Notes {
		fmt.Fprintln(w, "note ", n)
	}
	for _, b := range p.Bars {
		fmt.Fprintln(w, "stop ", b)
	}
}

// errBarred is the answer to a plan that something stands against.
var errBarred = errors.New("nothing was changed: see what stands against it")

// Barred is an error if something stands against the plan.
func (p *Plan) Barred() error {
	if len(p.Bars) > 0 {
		return errBarred
	}
	return nil
}

// Run carries the plan out. On an error nothing has changed: the transaction leaves no
// trace, and files are where they were.
func (p *Plan) Run(ctx context.Context, st *store.Store) (err error) {
	if err := p.Barred(); err != nil {
		return err
	}
	done := 0
	defer func() {
		if err != nil {
			err = errors.Join(err, back(p.moves[:done]))
		}
	}()
	for _, m := range p.moves {
		if err := m.do(); err != nil {
			return err
		}
		done++
	}
	return st.Update(ctx, func(tx *store.Tx) error {
		if err := fresh(tx); err != nil {
			return err
		}
		for _, step := range p.steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// do moves the file. It never takes the place of another.
func (m move) do() error {
	if _, err := os.Lstat(m.to); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("moving %s: %s is there already", m.from, m.to)
	}
	return os.Rename(m.from, m.to)
}

func back(moves []move) error {
	var errs []error
	for _, m := range moves {
		errs = append(errs, os.Rename(m.to, m.from))
	}
	return errors.Join(errs...)
}

// fresh tells whether a store has nothing but what the first start makes. IDs are taken
// over, so that there must be none yet.
func fresh(r store.Reader) error {
	for what, n := range map[string]int{
		"users": user.Kind.Table.Len(r) - one.ServeradminID - 1, "hosts": host.Kind.Table.Len(r),
		"networks": network.Kind.Table.Len(r), "images": image.Kind.Table.Len(r), "VMs": vm.Kind.Table.Len(r),
		"clusters": cluster.Kind.Table.Len(r) - 1, "datastores": datastore.Kind.Table.Len(r) - datastore.FilesID - 1,
		"groups": group.Kind.Table.Len(r) - one.UsersGroupID - 1, "security groups": secgroup.Kind.Table.Len(r) - 1,
		"VDCs": vdc.Kind.Table.Len(r) - 1, "VM templates": template.Kind.Table.Len(r), "network templates": vntemplate.Kind.Table.Len(r),
		"VM groups": vmgroup.Kind.Table.Len(r), "documents": document.Kind.Table.Len(r),
	} {
		if n > 0 {
			return fmt.Errorf("the data folder has %s already: import goes into a fresh one", what)
		}
	}
	if !rvpe.Empty(r) {
		return errors.New("the data folder has RENKEI-VPE's objects already: import goes into a fresh one")
	}
	return nil
}
