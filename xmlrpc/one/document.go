package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func documentMethods() []method {
	return []method{
		{
			name: "one.document.allocate", params: append(params(pTemplate), ints("type")...),
			may: createFrom(one.KindDocument, 1), do: change(documentAllocate),
		},
		{name: "one.document.delete", params: params(pID), may: on(document.Kind, one.Manage, 1), do: deleting(one.KindDocument, byID(document.Delete))},
		documents.infoOf("document"),
		updateOf("document", document.Kind, one.Manage),
		renameOf("document", document.Kind, one.Manage),
		chmodOf("document", document.Kind),
		chownOf("document", document.Kind),
		lockOf("document", document.Kind),
		unlockOf("document", document.Kind),
		{
			name: "one.document.clone", params: params(pID, pName),
			may: mayClone(document.Kind, one.KindDocument), do: change(documentClone),
		},
		{name: "one.documentpool.info", params: append(pFilter, ints("type")...), do: documentPool},
	}
}

var documents = pool[document.Document]{kind: document.Kind, root: "DOCUMENT_POOL", write: render.Document}

func documentAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return document.Allocate(tx, c.Caller, t, c.Int(2))
}

func documentClone(tx *store.Tx, _ *Server, c *call) (int, error) {
	return document.Clone(tx, c.Caller, c.Int(1), c.Text(2))
}

// documentPool lists the documents of one type.
func documentPool(_ context.Context, _ *Server, c *call) (any, error) {
	f, err := filterOf(c)
	if err != nil {
		return nil, err
	}
	of := documents
	of.only = func(d *document.Document) bool { return d.Type == c.Int(4) }
	return of.info(c, f), nil
}
