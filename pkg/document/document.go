// Package document implements documents: templates that other applications store here, with a
// number for their type. The services of OneFlow are documents.
package document

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Document is a document.
type Document struct {
	object.Meta
	Type int `cbor:"10,keyasint"`
}

// Clone implements store.Cloner.
func (d *Document) Clone() *Document { return &Document{Meta: d.Meta.Copy(), Type: d.Type} }

// Kind describes documents to the shared verbs. Names need not be unique.
var Kind = object.Define("document", object.Spec[Document]{
	Kind:     one.KindDocument,
	Names:    object.NamesFree,
	Lockable: true,
}, ByType)

// ByType finds documents by their type, a decimal number.
var ByType = store.NewIndex(func(d *Document) []string { return []string{strconv.Itoa(d.Type)} })

// Allocate stores a document. Without a NAME, it is named after its ID.
func Allocate(tx *store.Tx, c *one.Caller, t attr.Template, kind int) (int, error) {
	d := &Document{Meta: object.Meta{Name: t.Get("NAME"), Template: t}, Type: kind}
	d.Template.Del("NAME")
	d.Own(c)
	if err := checkName(d.Name); err != nil {
		return -1, err
	}
	d.ID = tx.Next(Kind.Table.Name(), Kind.First)
	if d.Name == "" {
		d.Name = "document-" + strconv.Itoa(d.ID)
	}
	Kind.Put(tx, d)
	return d.ID, nil
}

// checkName allows names that other kinds do not allow, except those that would break oned's
// XML; the error text is oned's (Document::insert).
func checkName(name string) error {
	if len(name) > object.MaxName {
		return one.Errorf(one.CodeInternal, "NAME is too long; max length is %d chars.", object.MaxName)
	}
	if strings.ContainsAny(name, "<&") {
		return one.Errorf(one.CodeInternal, "Error transforming the Document to XML.")
	}
	return nil
}

// Clone stores a copy of a document under another name.
func Clone(tx *store.Tx, c *one.Caller, id int, name string) (int, error) {
	origin, err := Kind.Get(tx, id)
	if err != nil {
		return -1, err
	}
	t := origin.Template.Clone()
	t.Set("NAME", name)
	return Allocate(tx, c, t, origin.Type)
}

// Delete removes a document.
func Delete(tx *store.Tx, id int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	Kind.Remove(tx, id)
	return nil
}
