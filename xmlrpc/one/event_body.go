package one

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// extra is the object that the call made, or the one that it deleted as it was
// before.
func (c *call) extra(r store.Reader, answer xmlrpc.Array) []byte {
	noun, verb := c.noun()
	draw, ok := bodies()[noun]
	if !ok || answer[0] != true {
		return nil
	}
	switch id, _ := answer[1].(int); verb {
	case "allocate":
		return draw(r, id)
	case "delete":
		return draw(c.Snap, id)
	}
	return nil
}

// drawing makes the XML of an object, nil when it is not there.
type drawing func(r store.Reader, id int) []byte

// bodies are the drawings of objects, by the nouns of methods. Kinds that are
// allocated and deleted have one each.
func bodies() map[string]drawing {
	return map[string]drawing{
		"backupjob":  drawn(backupjob.Kind, render.BackupJob),
		"cluster":    drawn(cluster.Kind, render.Cluster),
		"datastore":  drawn(datastore.Kind, render.Datastore),
		"document":   drawn(document.Kind, render.Document),
		"group":      drawn(group.Kind, render.Group),
		"hook":       drawn(hook.Kind, render.HookInPool),
		"host":       drawn(host.Kind, render.Host),
		"image":      drawn(image.Kind, render.Image),
		"market":     drawn(market.Kind, render.Market),
		"marketapp":  drawn(market.Apps, render.App),
		"secgroup":   drawn(secgroup.Kind, render.SecGroup),
		"template":   drawn(template.Kind, render.Template),
		"user":       drawn(user.Kind, func(w *render.Writer, r store.Reader, u *user.User) { render.User(w, r, u, false) }),
		"vdc":        drawn(vdc.Kind, render.VDC),
		"vm":         drawn(vm.Kind, render.VMLast),
		"vmgroup":    drawn(vmgroup.Kind, render.VMGroup),
		"vn":         drawn(network.Kind, render.VNetInPool),
		"vntemplate": drawn(vntemplate.Kind, render.VNTemplate),
		"vrouter":    drawn(vrouter.Kind, render.VRouter),
		"zone":       drawn(zone.Kind, render.Zone),
	}
}

// drawn makes a drawing of a kind.
func drawn[T any](k *object.Kind[T], write func(*render.Writer, store.Reader, *T)) drawing {
	return func(r store.Reader, id int) []byte {
		v, ok := k.Table.Get(r, store.ID(id))
		if !ok {
			return nil
		}
		var w render.Writer
		write(&w, r, v)
		return w
	}
}

// wellFormed tells whether text may stand in a document as it is: XML may follow
// XML, and text may stand between.
func wellFormed(s string) bool {
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	depth, closed := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return closed == 1
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				closed++
			}
		case xml.ProcInst, xml.Directive:
			return false
		}
	}
}

// unescaped is the text that an answer in chunks stands for.
func unescaped(t xmlrpc.Text) string {
	var b strings.Builder
	for _, c := range t.Chunks {
		b.Write(c)
	}
	return entities.Replace(b.String())
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&#x0D;", "\r", "&amp;", "&")
