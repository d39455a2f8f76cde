package quota_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestCheckFurther(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"":                      {"VCPU", "LICENSES"},
		"is not the name of an": {"VCPU", "gpus"},
		"CPU is counted":        {"CPU"},
		"RUNNING_VCPU is":       {"RUNNING_VCPU"},
		"VCPU is counted":       {"VCPU", "VCPU"},
	} {
		err := quota.CheckFurther(names)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", names, err, want)
		}
	}
}

// TestFurther: additional metrics have limits and usage like others, and keep their limits when
// the list of metrics changes.
func TestFurther(t *testing.T) {
	t.Parallel()
	s := open(t)
	in(t, s, func(tx *store.Tx) error { quota.SetFurther(tx, []string{"VCPU", "LICENSES"}); return nil })
	limit(t, s, "VM=[VCPU=4,RUNNING_LICENSES=1.5]")
	vm := func(vcpu, licenses float64) quota.Delta {
		return quota.Delta{ClusterID: quota.NotPlaced, Further: map[string]float64{
			"VCPU": vcpu, "LICENSES": licenses, "RUNNING_VCPU": vcpu, "RUNNING_LICENSES": licenses,
		}}
	}
	if err := charge(s, 2, 100, vm(3, 1.25)); err != nil {
		t.Fatal(err)
	}
	for want, d := range map[string]quota.Delta{
		"user [2] limit of 4 reached for VCPU quota in VM.":               vm(2, 0),
		"user [2] limit of 1.5 reached for RUNNING_LICENSES quota in VM.": vm(0, 0.5),
	} {
		if err := charge(s, 2, 100, d); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	in(t, s, func(tx *store.Tx) error { quota.SetFurther(tx, []string{"LICENSES"}); return nil })
	q, _ := quota.Users.Get(s.Read(), store.ID(2))
	metrics := q.Metrics(quota.VMs)
	if got := metrics[len(metrics)-2:]; !cmp.Equal(got, []string{"LICENSES", "RUNNING_LICENSES"}) {
		t.Errorf("counted are %v", got)
	}
	if err := charge(s, 2, 100, vm(9, 0.25)); err != nil {
		t.Errorf("without a limit of VCPU: %v", err)
	}
	if err := charge(s, 2, 100, vm(0, 0.5)); err == nil {
		t.Error("the limit of RUNNING_LICENSES is gone")
	}
}
