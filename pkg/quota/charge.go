package quota

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Nobody can be passed as a user or group that is not to be charged.
const Nobody = -1

// Charge adds d to the usage of a user and a group. If that would exceed a limit, it changes
// nothing and returns an error that names the limit.
func Charge(tx *store.Tx, uid, gid int, d Delta) error {
	if err := Check(tx, uid, gid, d); err != nil {
		return err
	}
	Count(tx, uid, gid, d)
	return nil
}

// Count is Charge without limits, for usage that exists already.
func Count(tx *store.Tx, uid, gid int, d Delta) {
	for _, p := range parties(uid, gid) {
		p.count(tx, d)
	}
}

// Recount sets the usage of a user or group to the sum of uses. Limits stay, and may be
// exceeded.
func Recount(tx *store.Tx, table *store.Table[Quotas], id int, uses []Delta) {
	q := edit(tx, table, store.ID(id))
	for class := range q.Entries {
		for i := range q.Entries[class] {
			clear(q.Entries[class][i].Used)
		}
	}
	for _, d := range uses {
		q.add(d)
	}
	q.tidy(Default)
	keep(tx, table, store.ID(id), q)
}

// Refund undoes Charge. Usage never gets negative.
func Refund(tx *store.Tx, uid, gid int, d Delta) { Count(tx, uid, gid, d.Negative()) }

// Move charges d to another user and group. If one of the two stays the same, its limits are
// not checked, because the usage exists already.
func Move(tx *store.Tx, fromUID, fromGID, toUID, toGID int, d Delta) error {
	if fromUID == toUID {
		fromUID, toUID = Nobody, Nobody
	}
	if fromGID == toGID {
		fromGID, toGID = Nobody, Nobody
	}
	if err := Charge(tx, toUID, toGID, d); err != nil {
		return err
	}
	Refund(tx, fromUID, fromGID, d)
	return nil
}

// Check returns an error if d exceeds a limit of the user or the group.
func Check(r store.Reader, uid, gid int, d Delta) error {
	for _, p := range parties(uid, gid) {
		if err := p.check(r, d); err != nil {
			return err
		}
	}
	return nil
}

// party is a user or a group with quotas.
type party struct {
	word     string
	id       int
	table    *store.Table[Quotas]
	defaults store.Key
}

// parties are the user, then the group, in the order of checks. The user oneadmin and the group
// oneadmin have no quotas (SharedAPI::quota_authorization).
func parties(uid, gid int) []party {
	var list []party
	if uid > one.OneadminID {
		list = append(list, party{"user", uid, Users, OfUsers})
	}
	if gid > one.OneadminGroupID {
		list = append(list, party{"group", gid, Groups, OfGroups})
	}
	return list
}

// Counted reports whether the user or the group has quotas.
func Counted(uid, gid int) bool { return len(parties(uid, gid)) > 0 }

// count adds d, which may be negative.
func (p party) count(tx *store.Tx, d Delta) {
	q := edit(tx, p.table, store.ID(p.id))
	q.add(d)
	q.tidy(Default)
	keep(tx, p.table, store.ID(p.id), q)
}

func (q *Quotas) add(d Delta) {
	for _, u := range d.uses(q) {
		e := q.findOrAdd(u.class, u.key, Default)
		for i, a := range u.amounts {
			e.Used[i] = max(e.Used[i]+a, 0)
		}
	}
}

// check returns an error that names the first limit that d exceeds. Usage that does not
// increase is accepted even above a limit, which may have been lowered.
func (p party) check(r store.Reader, d Delta) error {
	q, _ := p.table.Get(r, store.ID(p.id))
	if q == nil {
		q = &Quotas{Further: Further(r)}
	}
	defaults, _ := Defaults.Get(r, p.defaults)
	for _, u := range d.uses(q) {
		for _, i := range q.asked(u.class) {
			limit, used := q.limit(defaults, u, i)
			if limit >= 0 && u.amounts[i] > 0 && used+u.amounts[i] > limit {
				return p.refusal(u, limit, q.Metrics(u.class)[i])
			}
		}
	}
	return nil
}

// limit returns the limit of a metric, and its usage.
func (q *Quotas) limit(defaults *Quotas, u use, metric int) (limit, used Amount) {
	limit = Default
	if e := q.find(u.class, u.key); e != nil {
		limit, used = e.Limits[metric], e.Used[metric]
	}
	if limit != Default {
		return limit, used
	}
	if defaults != nil {
		if e := defaults.find(u.class, u.key); e != nil {
			return e.Limits[metric], used
		}
	}
	return Unlimited, used
}

func (p party) refusal(u use, limit Amount, metric string) error {
	where := ""
	if u.key != "" {
		where = " with ID: " + u.key
	}
	return one.Errorf(one.CodeAuthorization, "%s [%d] limit of %s reached for %s quota in %s%s.",
		p.word, p.id, limit.short(), metric, u.class.Name(), where)
}
