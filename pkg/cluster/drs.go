package cluster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// DRS is how the VMs of a cluster are to be spread over its hosts (ONE_DRS).
type DRS struct {
	Pack       bool // over few hosts; otherwise evenly
	Automation Automation
	Moves      int                // the most VMs that a plan moves, -1 for any number
	Weights    map[string]float64 // what an even load means: CPU_USAGE, CPU, MEMORY, DISK, NET
}

// Automation says who begins plans.
type Automation int

// The automations.
const (
	Manual  Automation = iota // plans are asked for, and executed
	Partial                   // plans are made by themselves, and executed
	Full                      // both goes by itself
)

// drsAttr is the attribute of a cluster that says all this.
const drsAttr = "ONE_DRS"

// The names and defaults of weights (one_drs.conf).
var (
	weighed = []string{"CPU_USAGE", "CPU", "MEMORY", "DISK", "NET"}
	usual   = map[string]float64{"CPU_USAGE": 1}
)

// DRS answers how VMs are to be spread.
func (c *Cluster) DRS() DRS {
	said := c.Template.Vector(drsAttr)
	return DRS{
		Pack:       strings.EqualFold(said.Get("POLICY"), "pack"),
		Automation: automation(said.Get("AUTOMATION")),
		Moves:      fewest(said.Get("MIGRATION_THRESHOLD"), said.Get("HOST_MIGRATION_THRESHOLD")),
		Weights:    weights(said),
	}
}

func automation(word string) Automation {
	switch strings.ToLower(word) {
	case "partial":
		return Partial
	case "full":
		return Full
	}
	return Manual
}

// fewest is the lower one of two limits; -1 and nothing are none.
func fewest(texts ...string) int {
	low := -1
	for _, text := range texts {
		n, err := strconv.ParseFloat(text, 64)
		if err == nil && n >= 0 && (low < 0 || int(n) < low) {
			low = int(n)
		}
	}
	return low
}

// weights are shares of 1. As in the original, a sum that is none counts as
// nothing said.
func weights(said *attr.Attr) map[string]float64 {
	given, sum := map[string]float64{}, 0.0
	for _, name := range weighed {
		if w, err := strconv.ParseFloat(said.Get(name+"_WEIGHT"), 64); err == nil {
			given[name] = min(max(w, 0), 1)
			sum += given[name]
		}
	}
	if sum <= 0 || sum > 1 {
		return usual
	}
	return given
}

// drsFields are the fields of ONE_DRS in the order in which they are checked
// (Cluster::post_update_template).
var drsFields = []struct {
	names []string
	form  *regexp.Regexp
}{
	{[]string{"POLICY"}, regexp.MustCompile(`^(pack|balance)$`)},
	{[]string{"AUTOMATION"}, regexp.MustCompile(`^(manual|partial|full)$`)},
	{[]string{"MIGRATION_THRESHOLD", "HOST_MIGRATION_THRESHOLD", "DS_MIGRATION_THRESHOLD"}, regexp.MustCompile(`^(-1||\d+(\.\d+)?)$`)},
	{
		[]string{"CPU_USAGE_WEIGHT", "CPU_WEIGHT", "MEMORY_WEIGHT", "NET_WEIGHT", "DISK_WEIGHT", "PREDICTIVE"},
		regexp.MustCompile(`^(\d+(\.\d+)?|)$`),
	},
}

// checkDRS refuses what cannot be understood, and writes the rest in lower case.
func checkDRS(t attr.Template) error {
	said := t.Vector(drsAttr)
	if said == nil {
		return nil
	}
	for _, field := range drsFields {
		for _, name := range field.names {
			value := strings.ToLower(strings.TrimSpace(said.Get(name)))
			if !field.form.MatchString(value) {
				return one.Errorf(one.CodeInternal, "Error cluster template contains invalid %s", name)
			}
			if value != "" {
				said.Set(name, value)
			}
		}
	}
	return nil
}

// messageAttr is where it stands why a cluster cannot be optimized.
const messageAttr = "SCHED_MESSAGE"

// Tell writes into a cluster why it cannot be optimized.
func Tell(tx *store.Tx, id int, text string) {
	c, err := Kind.Edit(tx, id)
	if err != nil {
		return
	}
	c.Template.Set(messageAttr, tx.Now.Local().Format(time.ANSIC)+": "+text)
	Kind.Put(tx, c)
}

// HasDRS tells whether a cluster says how its VMs are to be spread.
func (c *Cluster) HasDRS() bool { return c.Template.Vector(drsAttr) != nil }
