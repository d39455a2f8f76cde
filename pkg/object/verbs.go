package object

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Rename serves one.*.rename.
func (k *Kind[T]) Rename(tx *store.Tx, _ *one.Caller, id int, name string) error {
	v, err := k.Edit(tx, id)
	if err != nil {
		return err
	}
	h := k.head(v)
	if h.Name == name {
		return nil
	}
	if err := CheckName(name, k.NameBans); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	if other, taken := k.taken(tx, h, name); taken {
		return one.Errorf(one.CodeAction, "%[1]s cannot be renamed to %[2]s because it collides with %[1]s %[3]d",
			k.Kind.Text(), name, other)
	}
	h.Name = name
	k.Put(tx, v)
	if k.Renamed != nil {
		k.Renamed(tx, v)
	}
	return nil
}

// Chmod serves one.*.chmod: for each of the nine bits 1 sets, 0 clears and -1
// keeps.
func (k *Kind[T]) Chmod(tx *store.Tx, _ *one.Caller, id int, bits [9]int) error {
	v, err := k.Edit(tx, id)
	if err != nil {
		return err
	}
	h := k.head(v)
	for i, b := range bits {
		bit := Perms(1) << (8 - i)
		switch b {
		case -1:
		case 0:
			h.Perms &^= bit
		case 1:
			h.Perms |= bit
		default:
			return one.Errorf(one.CodeInternal, "New permission values must be -1, 0 or 1")
		}
	}
	k.Put(tx, v)
	return nil
}

// Ownership is who an object goes to; -1 keeps what is there.
type Ownership struct {
	UID, GID     int
	UName, GName string
}

// check refuses owners that nobody can be. oned does so for what counts in quotas, and
// gives all else to them.
func (to Ownership) check() error {
	switch {
	case to.UID < -1:
		return one.Errorf(one.CodeAuthorization, "User not found.")
	case to.GID < -1:
		return one.Errorf(one.CodeAuthorization, "Group not found.")
	}
	return nil
}

// Chown serves one.*.chown.
func (k *Kind[T]) Chown(tx *store.Tx, c *one.Caller, id int, to Ownership) error {
	old, err := k.Get(tx, id)
	if err != nil {
		return err
	}
	if err := to.check(); err != nil {
		return err
	}
	v, _ := k.Edit(tx, id)
	h := k.head(v)
	if to.UID >= 0 && to.UID != h.UID {
		h.UID, h.UName = to.UID, to.UName
		if err := k.checkOwnsNone(tx, h); err != nil {
			return err
		}
	}
	if to.GID >= 0 {
		h.GID, h.GName = to.GID, to.GName
	}
	if k.Chowned != nil {
		if err := k.Chowned(tx, c, old, v); err != nil {
			return err
		}
	}
	k.Put(tx, v)
	return nil
}

// checkOwnsNone refuses an owner who has an object of that name already
// (SharedAPI::check_name_unique). Where names are unique among all, h's own is.
func (k *Kind[T]) checkOwnsNone(r store.Reader, h *Meta) error {
	if k.Names != NamesPerOwner {
		return nil
	}
	if other, taken := k.taken(r, h, h.Name); taken {
		return one.Errorf(one.CodeInternal, "%s [%d] already owns %s [%d] with NAME %s",
			one.KindUser.Text(), h.UID, k.Kind.Text(), other, h.Name)
	}
	return nil
}

// LockIt serves one.*.lock. With test any lock that is there is an error.
// Level 4, all, is the lowest one: what that blocks is everything.
func (k *Kind[T]) LockIt(tx *store.Tx, c *one.Caller, id int, level LockLevel, test bool) error {
	v, err := k.Edit(tx, id)
	if err != nil {
		return err
	}
	if level == lockAll {
		level = LockUse
	}
	if level < LockUse || level > LockAdmin {
		return one.Errorf(one.CodeAction, "Wrong lock level specified")
	}
	h := k.head(v)
	if h.Lock != nil && test { // since when it is locked, is oned's whole answer
		return one.Errorf(one.CodeAction, "%d", h.Lock.Time)
	}
	if h.Lock != nil && h.Lock.Owner != c.UID && !c.IsAdmin() {
		return one.Errorf(one.CodeAction, "Error trying to lock the resource.")
	}
	h.Lock = &Lock{Level: level, Owner: c.UID, Time: tx.Now.Unix(), ReqID: c.ReqID}
	k.Put(tx, v)
	return nil
}

// Unlock serves one.*.unlock. A lock that is not there is nobody's: only
// administrators take it away.
func (k *Kind[T]) Unlock(tx *store.Tx, c *one.Caller, id int) error {
	v, err := k.Edit(tx, id)
	if err != nil {
		return err
	}
	h := k.head(v)
	if !c.IsAdmin() && (h.Lock == nil || h.Lock.Owner != c.UID) {
		return one.Errorf(one.CodeAction, "Cannot unlock: Lock is owned by another user")
	}
	h.Lock = nil
	k.Put(tx, v)
	return nil
}

// Update serves one.*.update: the template is replaced by text, or text is
// merged into it. What is restricted stays as it is, unless an administrator says.
func (k *Kind[T]) Update(tx *store.Tx, c *one.Caller, id int, text string, appendTo bool, restricted Restricted) error {
	return k.UpdateWith(tx, id, text, appendTo, func(old, v *T) error {
		if err := restricted.Guard(c, k.head(old).Template, &k.head(v).Template, appendTo); err != nil {
			return err
		}
		if k.Updating == nil {
			return nil
		}
		return k.Updating(tx, c, old, v)
	})
}

// UpdateWith is Update for kinds whose check needs more than the store: mend is
// given what stands and what it would become, and may change that.
func (k *Kind[T]) UpdateWith(tx *store.Tx, id int, text string, appendTo bool, mend func(old, v *T) error) error {
	old, err := k.Get(tx, id)
	if err != nil {
		return err
	}
	t, err := ParseTemplate(text)
	if err != nil {
		return notUpdated(err)
	}
	v, _ := k.Edit(tx, id)
	h := k.head(v)
	if appendTo {
		h.Template.Merge(t)
	} else {
		h.Template = t
	}
	if err := mend(old, v); err != nil {
		return notUpdated(err)
	}
	k.Put(tx, v)
	return nil
}

// notUpdated says what came of a template that is wrong.
func notUpdated(err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeInternal {
		return err
	}
	return one.Errorf(e.Code, "Cannot update template. %s", e.Msg)
}

// ParseTemplate reads a template that a caller sent; what is wrong with it is
// told in oned's words.
func ParseTemplate(text string) (attr.Template, error) {
	t, err := attr.Parse(text)
	if err != nil {
		return nil, one.Errorf(one.CodeInternal, "%v", err)
	}
	return t, nil
}
