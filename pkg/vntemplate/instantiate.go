package vntemplate

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Instantiate makes a network from t, the result of Merged. Without a name, it is named after
// the network template.
func Instantiate(tx *store.Tx, s network.Settings, c *one.Caller, id int, t attr.Template, name string) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	t.Del("NAME")
	t.Set("TEMPLATE_NAME", origin.Name)
	if name != "" {
		t.Set("NAME", name)
	}
	net, err := network.Add(tx, s, c, network.New{
		Template: t, Clusters: clusters(tx, origin.Template.Get("CLUSTER_IDS")), ParentID: network.None, TemplateID: id,
	})
	var refusal *one.Error
	if errors.As(err, &refusal) {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new %s. %s", one.KindVNTemplate.Text(), refusal.Msg)
	}
	return net, err
}

// clusters reads CLUSTER_IDS. Unknown clusters are ignored; an empty list means the default
// one.
func clusters(r store.Reader, text string) []int {
	if text == "" {
		return []int{cluster.DefaultID}
	}
	var ids []int
	for part := range strings.SplitSeq(text, ",") {
		id, err := strconv.Atoi(strings.TrimSpace(part))
		if _, there := cluster.Kind.Table.Get(r, store.ID(id)); err == nil && there {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Merged merges the caller's attributes into a network template: address ranges are added,
// other attributes replace the template's. Restricted attributes are refused.
func Merged(s network.Settings, c *one.Caller, origin *VNTemplate, extra attr.Template) (attr.Template, error) {
	if err := network.CheckExtra(s, c, origin.Template, extra); err != nil {
		return nil, err
	}
	t, more := origin.Template.Clone(), extra.Clone()
	ranges := more.Named("AR").Clone()
	more.Del("AR")
	t.Merge(more)
	for _, ar := range ranges {
		t.Add(ar)
	}
	return t, nil
}
