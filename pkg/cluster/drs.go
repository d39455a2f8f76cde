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

// DRS says how the VMs of a cluster are distributed over its hosts (ONE_DRS).
type DRS struct {
	Pack       bool // onto few hosts, instead of evenly
	Automation Automation
	Moves      int                // the most migrations in a plan, -1 for no limit
	Weights    map[string]float64 // weights of the loads to balance: CPU_USAGE, CPU, MEMORY, DISK, NET
}

// Automation says which steps happen without an administrator.
type Automation int

// Values of AUTOMATION.
const (
	Manual  Automation = iota // administrators ask for plans, and apply them
	Partial                   // plans are made periodically; administrators apply them
	Full                      // plans are made and applied
)

// drsAttr is the attribute of clusters with these settings.
const drsAttr = "ONE_DRS"

// Names and defaults of the weights (one_drs.conf).
var (
	weighed = []string{"CPU_USAGE", "CPU", "MEMORY", "DISK", "NET"}
	usual   = map[string]float64{"CPU_USAGE": 1}
)

// DRS parses ONE_DRS.
func (c *Cluster) DRS() DRS {
	said := c.Template.Vector(drsAttr)
	return DRS{
		Pack:       strings.EqualFold(said.Get("POLICY"), "pack"),
		Automation: automation(said.Get("AUTOMATION")),
		Moves:      lowestLimit(said.Get("MIGRATION_THRESHOLD"), said.Get("HOST_MIGRATION_THRESHOLD")),
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

// lowestLimit is the lowest of several limits; -1 and "" mean no limit.
func lowestLimit(texts ...string) int {
	low := -1
	for _, text := range texts {
		n, err := strconv.ParseFloat(text, 64)
		if err == nil && n >= 0 && (low < 0 || int(n) < low) {
			low = int(n)
		}
	}
	return low
}

// weights are shares that add up to 1 at most; otherwise the defaults apply, as in OpenNebula.
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

// drsFields are the fields of ONE_DRS, in the order of the checks
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

// checkDRS refuses invalid values and writes the others in lower case.
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

// messageAttr is the attribute with the reason why a cluster cannot be optimized.
const messageAttr = "SCHED_MESSAGE"

// SetMessage sets the message why a cluster cannot be optimized.
func SetMessage(tx *store.Tx, id int, text string) {
	c, err := Kind.Edit(tx, id)
	if err != nil {
		return
	}
	c.Template.Set(messageAttr, tx.Now.Local().Format(time.ANSIC)+": "+text)
	Kind.Put(tx, c)
}

// HasDRS reports whether a cluster has ONE_DRS.
func (c *Cluster) HasDRS() bool { return c.Template.Vector(drsAttr) != nil }
