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

// Plan is an import that can be printed, and then carried out.
type Plan struct {
	Counts   []Count  // what will be imported, by kind
	Notes    []string // what will change in the import
	Blockers []string // what prevents the import

	steps []func(tx *store.Tx) error
	moves []move // of files; done before the transaction
}

// Count is how many objects of a kind will be imported.
type Count struct {
	What string
	N    int
}

// move is a file to move.
type move struct{ from, to string }

func (p *Plan) count(what string, n int) { p.Counts = append(p.Counts, Count{what, n}) }
func (p *Plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}
func (p *Plan) block(format string, args ...any) {
	p.Blockers = append(p.Blockers, fmt.Sprintf(format, args...))
}
func (p *Plan) addStep(step func(tx *store.Tx) error) {
	p.steps = append(p.steps, step)
}

// Write prints the plan.
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
	for _, b := range p.Blockers {
		fmt.Fprintln(w, "stop ", b)
	}
}

// errBlocked is the error of a plan with blockers.
var errBlocked = errors.New("nothing was changed: see what stands against it")

// Blocked is an error if anything prevents the import.
func (p *Plan) Blocked() error {
	if len(p.Blockers) > 0 {
		return errBlocked
	}
	return nil
}

// Run carries the plan out. On an error nothing has changed: the transaction is rolled back,
// and files are moved back.
func (p *Plan) Run(ctx context.Context, st *store.Store) (err error) {
	if err := p.Blocked(); err != nil {
		return err
	}
	done := 0
	defer func() {
		if err != nil {
			err = errors.Join(err, moveBack(p.moves[:done]))
		}
	}()
	for _, m := range p.moves {
		if err := m.do(); err != nil {
			return err
		}
		done++
	}
	return st.Update(ctx, func(tx *store.Tx) error {
		if err := checkEmpty(tx); err != nil {
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

// do moves the file. It never overwrites another.
func (m move) do() error {
	if _, err := os.Lstat(m.to); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("moving %s: %s is there already", m.from, m.to)
	}
	return os.Rename(m.from, m.to)
}

func moveBack(moves []move) error {
	var errs []error
	for _, m := range moves {
		errs = append(errs, os.Rename(m.to, m.from))
	}
	return errors.Join(errs...)
}

// checkEmpty refuses stores with objects other than those of the first start: IDs are kept, so
// that they must be free.
func checkEmpty(r store.Reader) error {
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
