package object

import (
	"iter"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Spec says what is particular about a kind.
type Spec[T any] struct {
	Kind one.Kind
	// Names tells where two objects may not have one name.
	Names Scope
	// Called is how the message about a name that is taken calls the kind; ""
	// is the word that Kind.String answers.
	Called string
	// NameBans lists characters that names of this kind may not have, beyond
	// those that none may.
	NameBans string
	// First is the first ID that a user's object gets.
	First int
	// Lockable kinds have one.*.lock and unlock.
	Lockable bool
	// Clusters lists the clusters an object is in, for ACL rules by cluster.
	Clusters func(*T) []int
	// Personal tells which objects rules for all objects do not open.
	Personal func(*T) bool
	// Updating is asked before one.*.update replaces the template: old is
	// what stands, v carries the new template and may be mended. It is where
	// a kind keeps what users may not touch.
	Updating func(tx *store.Tx, c *one.Caller, old, v *T) error
	// Renamed, Chowned are told after the fact, for what carries a copy.
	Renamed func(tx *store.Tx, v *T)
	Chowned func(tx *store.Tx, c *one.Caller, old, v *T) error
}

// Scope tells where names are unique.
type Scope uint8

// The scopes.
const (
	NamesFree     Scope = iota // two objects may share a name
	NamesPerOwner              // no two of one owner
	NamesGlobal                // no two at all
)

// Kind is a kind of object with its table: what the shared verbs work on.
type Kind[T any] struct {
	Spec[T]
	Table   *store.Table[T]
	ByName  *store.Index[T]
	ByOwner *store.Index[T] // by decimal UID
	ByGroup *store.Index[T] // by decimal GID
	head    func(*T) *Meta
}

// Row is what a table of objects holds.
type Row[T any] interface {
	store.Cloner[T]
	Object
}

// Define declares a kind and its table, with the indexes that all kinds have.
// More indexes may be given.
func Define[T any, P Row[T]](table string, spec Spec[T], indexes ...*store.Index[T]) *Kind[T] {
	head := func(v *T) *Meta { return P(v).Head() }
	k := &Kind[T]{
		Spec:    spec,
		ByName:  store.NewIndex(func(v *T) []string { return []string{head(v).Name} }),
		ByOwner: store.NewIndex(func(v *T) []string { return []string{decimal(head(v).UID)} }),
		ByGroup: store.NewIndex(func(v *T) []string { return []string{decimal(head(v).GID)} }),
		head:    head,
	}
	k.Table = store.NewTable[T, P](table, append(indexes, k.ByName, k.ByOwner, k.ByGroup)...)
	return k
}

// Any is a Kind of any type, as the faces see it.
type Any interface {
	ID() one.Kind
	CanLock() bool
	// Look answers the object with its clusters, or the error that oned gives
	// for an ID that is not there.
	Look(r store.Reader, id int) (Object, []int, error)

	// Rows is the table of the kind, and FirstID the first ID that a user's
	// object gets.
	Rows() store.AnyTable
	FirstID() int
	// Heads walks all objects, with the keys that they are kept under.
	Heads(r store.Reader) iter.Seq2[store.Key, *Meta]
	// Namesakes lists the other objects that may not have the name of h and
	// have it.
	Namesakes(r store.Reader, h *Meta) []int

	Rename(tx *store.Tx, c *one.Caller, id int, name string) error
	Chmod(tx *store.Tx, c *one.Caller, id int, bits [9]int) error
	Chown(tx *store.Tx, c *one.Caller, id int, to Ownership) error
	LockIt(tx *store.Tx, c *one.Caller, id int, level LockLevel, test bool) error
	Unlock(tx *store.Tx, c *one.Caller, id int) error
	Update(tx *store.Tx, c *one.Caller, id int, text string, appendTo bool, restricted Restricted) error
}

// ID answers which kind this is.
func (k *Kind[T]) ID() one.Kind { return k.Kind }

// CanLock tells whether objects of this kind can be locked.
func (k *Kind[T]) CanLock() bool { return k.Lockable }

// Rows implements Any.
func (k *Kind[T]) Rows() store.AnyTable { return k.Table }

// FirstID implements Any.
func (k *Kind[T]) FirstID() int { return k.First }

// Heads implements Any.
func (k *Kind[T]) Heads(r store.Reader) iter.Seq2[store.Key, *Meta] {
	return func(yield func(store.Key, *Meta) bool) {
		for row := range k.Table.All(r) {
			if !yield(row.Key, k.head(row.Val)) {
				return
			}
		}
	}
}

// Get answers an object, or the error that oned gives for an ID that is not
// there.
func (k *Kind[T]) Get(r store.Reader, id int) (*T, error) {
	v, ok := k.Table.Get(r, store.ID(id))
	if !ok {
		return nil, k.missing(id)
	}
	return v, nil
}

// Edit answers a copy of an object, to be changed and Put back.
func (k *Kind[T]) Edit(tx *store.Tx, id int) (*T, error) {
	v, ok := k.Table.Edit(tx, store.ID(id))
	if !ok {
		return nil, k.missing(id)
	}
	return v, nil
}

// Put makes v the object of its ID.
func (k *Kind[T]) Put(tx *store.Tx, v *T) {
	h := k.head(v)
	h.Template = h.Template.WithoutEmpty()
	k.Table.Put(tx, store.ID(h.ID), v)
}

// Add gives v the next ID of its kind and puts it in. A name that is taken or
// not allowed is refused.
func (k *Kind[T]) Add(tx *store.Tx, v *T) (int, error) {
	h := k.head(v)
	if err := k.checkName(tx, h, h.Name); err != nil {
		return -1, err
	}
	h.ID = tx.Next(k.Table.Name(), k.First)
	k.Put(tx, v)
	return h.ID, nil
}

// Remove takes an object out.
func (k *Kind[T]) Remove(tx *store.Tx, id int) { k.Table.Delete(tx, store.ID(id)) }

// Look implements Any.
func (k *Kind[T]) Look(r store.Reader, id int) (Object, []int, error) {
	v, err := k.Get(r, id)
	if err != nil {
		return nil, nil, err
	}
	o, clusters := k.Of(v)
	return o, clusters, nil
}

// Of answers v as an Object, and the clusters it is in.
func (k *Kind[T]) Of(v *T) (Object, []int) {
	var clusters []int
	if k.Clusters != nil {
		clusters = k.Clusters(v)
	}
	if k.Personal != nil && k.Personal(v) {
		return personal{k.head(v)}, clusters
	}
	return headed{k.head(v)}, clusters
}

// headed is an Object that is its head alone. It is no more than a pointer, so
// that walking through many objects allocates nothing.
type headed struct{ *Meta }

// personal is headed for a personal object.
type personal headed

// Personal implements Object.
func (personal) Personal() bool { return true }

func (k *Kind[T]) missing(id int) error {
	if id == -1 { // oned names the pool then (RequestManager::object_not_found)
		return one.Errorf(one.CodeNoExists, "Error getting %s Pool.", k.Kind.Text())
	}
	return one.Errorf(one.CodeNoExists, "Error getting %s [%d].", k.Kind.Text(), id).At(id)
}
