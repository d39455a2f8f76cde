package template_test

import (
	"errors"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestErrorsOfInstantiate: the error texts of one.vm.allocate with another code and noun,
// except for scheduled actions, which are checked before the VM is made.
func TestErrorsOfInstantiate(t *testing.T) {
	t.Parallel()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	oneadmin := &one.Caller{Groups: []int{0}}
	s := template.Settings{VMs: vm.DefaultSettings()}
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		_, err := template.Allocate(tx, s.VMs, oneadmin, parsed(t, "NAME=t\nCPU=1\nMEMORY=64"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const made = "Error allocating a new virtual machine template. "
	for extra, want := range map[string]*one.Error{
		"MEMORY=abc":                            one.Errorf(16384, "%sMEMORY attribute must be a positive integer value.", made),
		"NIC_ALIAS=[PARENT=none]":               one.Errorf(16384, "%sNIC named none not found for alias", made),
		"SCHED_ACTION=[ACTION=nonsense,TIME=1]": one.Errorf(8192, "nonsense is not supported."),

		"MEMORY=abc\nSCHED_ACTION=[ACTION=nonsense,TIME=1]": one.Errorf(16384, "%sMEMORY attribute must be a positive integer value.", made),
	} {
		err := st.Update(t.Context(), func(tx *store.Tx) error {
			_, err := template.Instantiate(tx, s, oneadmin, template.Instance{Hold: true, Extra: parsed(t, extra), For: oneadmin})
			return err
		})
		var got *one.Error
		if !errors.As(err, &got) || got.Code != want.Code || got.Msg != want.Msg {
			t.Errorf("%s: got %#v, want %#v", extra, err, want)
		}
	}
}

func parsed(t *testing.T, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}
