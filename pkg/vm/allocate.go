package vm

import (
	"cmp"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Allocate creates a VM in PENDING, in HOLD if requested, or in CLONING if its images are not
// ready yet. Images and leases are acquired in the same transaction, so that none stay behind
// after an error.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template, hold bool) (int, error) {
	return Make(tx, s, c, New{Template: t, Hold: hold})
}

// New has the arguments for a new VM.
type New struct {
	Template attr.Template
	Hold     bool          // begin in HOLD
	Legacy   attr.Template // see object.Meta
}

// Make is Allocate with all arguments.
func Make(tx *store.Tx, s Settings, c *one.Caller, n New) (int, error) {
	v := &VM{Meta: object.Meta{Legacy: n.Legacy}, State: one.VMInit, STime: tx.Now.Unix(), User: n.Template.Clone()}
	v.ID = tx.Next(Kind.Table.Name(), 0)
	v.Own(c)
	if n.Hold || s.SubmitOnHold {
		v.User.Set("SUBMIT_ON_HOLD", "YES")
	}
	if err := inTurn(tx, s, v, decrypt, topologyOf); err != nil {
		return -1, err
	}
	if err := furnish(tx, s, v); err != nil {
		return -1, cmp.Or(ofCaller(c, affordableNew(tx, s, v.Meta, n.Template)), err)
	}
	if err := Fire(tx, s, v, submission(v), Cause{By: c}); err != nil {
		return -1, ofCaller(c, err)
	}
	return v.ID, nil
}

// furnish splits the given template into TEMPLATE and USER_TEMPLATE. It validates in the order of
// VirtualMachine::insert, so that the same error is reported first.
func furnish(tx *store.Tx, s Settings, v *VM) error {
	return inTurn(tx, s, v,
		parseName, claimWellKnown, parseCapacity, parseCosts, parseFeatures, parseOS, parsePlatform, parsePCI,
		claimNICDefault, takeNICs, takeDisks, claimHold, bootOrder, backupConfig,
		contextOf, schedulingOf, requirements, parseGraphics, parseVideo, claimDeployID, claimGroup, createSchedule)
}

// inTurn runs steps until one fails.
func inTurn(tx *store.Tx, s Settings, v *VM, steps ...func(*store.Tx, Settings, *VM) error) error {
	for _, step := range steps {
		if err := step(tx, s, v); err != nil {
			return err
		}
	}
	return nil
}

// decrypt decrypts the template, as encrypted values may contain variables.
func decrypt(_ *store.Tx, s Settings, v *VM) error {
	s.Secrets.Open(Kind.Table.Name(), v)
	return nil
}

// submission is the first event of a VM.
func submission(v *VM) lifecycle.Event {
	onHold, _ := v.Template.Bool("SUBMIT_ON_HOLD")
	switch {
	case isCloning(v):
		return lifecycle.SubmitCloning
	case onHold:
		return lifecycle.SubmitOnHold
	}
	return lifecycle.Submit
}

// isCloning tells whether the VM waits for images.
func isCloning(v *VM) bool {
	for _, d := range v.Template.Vectors("DISK") {
		if yes, _ := d.Bool("CLONING"); yes {
			return true
		}
	}
	return false
}

// parseName sets the VM's name: NAME, or else TEMPLATE_NAME with the VM's ID.
func parseName(_ *store.Tx, _ Settings, v *VM) error {
	v.Template.Set("VMID", strconv.Itoa(v.ID))
	v.User.Del("VMID")
	if id := take(v, "TEMPLATE_ID"); id != "" {
		v.Template.Set("TEMPLATE_ID", id)
	}
	v.Name = take(v, "NAME")
	prefix := take(v, "TEMPLATE_NAME")
	if prefix == "" {
		prefix = "one"
	}
	if v.Name == "" {
		v.Name = prefix + "-" + strconv.Itoa(v.ID)
	}
	return v.CheckName(v.Name, "")
}

// claimHold moves SUBMIT_ON_HOLD to TEMPLATE.
func claimHold(_ *store.Tx, _ Settings, v *VM) error {
	if hold, said := v.User.Bool("SUBMIT_ON_HOLD"); said {
		v.User.Del("SUBMIT_ON_HOLD")
		v.Template.Set("SUBMIT_ON_HOLD", attr.YesNo(hold))
	}
	return nil
}

// claimDeployID sets DEPLOY_ID of a wild VM that is imported.
func claimDeployID(_ *store.Tx, _ Settings, v *VM) error {
	id := take(v, "DEPLOY_ID")
	if id == "" {
		return nil
	}
	if isOurDomain(id) {
		return bad("Trying to import an OpenNebula VM: 'one-*'.")
	}
	v.Template.Set("IMPORTED", "YES")
	v.DeployID = id
	return nil
}

func isOurDomain(name string) bool {
	if len(name) < 5 || name[:4] != "one-" {
		return false
	}
	_, err := strconv.ParseUint(name[4:], 10, 32)
	return err == nil
}

// bad is an error with the code INTERNAL, which oned uses for invalid templates.
func bad(format string, args ...any) *one.Error { return one.Errorf(one.CodeInternal, format, args...) }
