package quota

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Nobody stands for a user or group that is not to be counted.
const Nobody = -1

// Charge counts d for a user and a group. When a limit of one of them stands
// against it, nothing is counted and the error names the limit.
func Charge(tx *store.Tx, uid, gid int, d Delta) error {
	if err := Check(tx, uid, gid, d); err != nil {
		return err
	}
	Count(tx, uid, gid, d)
	return nil
}

// Count is Charge for what is so already: limits do not stand against it.
func Count(tx *store.Tx, uid, gid int, d Delta) {
	for _, p := range parties(uid, gid) {
		p.count(tx, d)
	}
}

// Recount makes the usage in the quotas of somebody what a list of uses adds up to.
// Limits stay as they are, and do not stand against it.
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

// Refund takes back what Charge counted. Usage never goes below zero.
func Refund(tx *store.Tx, uid, gid int, d Delta) { Count(tx, uid, gid, d.Negative()) }

// Move counts d for another user and group. Whoever stays is left alone: his
// limits do not stand against what he has already.
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

// Check tells whether the limits of a user and a group leave room for d.
func Check(r store.Reader, uid, gid int, d Delta) error {
	for _, p := range parties(uid, gid) {
		if err := p.check(r, d); err != nil {
			return err
		}
	}
	return nil
}

// party is a user or a group whose use is counted.
type party struct {
	word     string
	id       int
	table    *store.Table[Quotas]
	defaults store.Key
}

// parties are the user, then the group. The user oneadmin and his group have no
// quotas and are not counted (SharedAPI::quota_authorization).
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

// Counted tells whether anything is counted for a user or a group at all.
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
		e := q.made(u.class, u.key, Default)
		for i, a := range u.amounts {
			e.Used[i] = max(e.Used[i]+a, 0)
		}
	}
}

// check names the first limit that d exceeds. What does not grow is not
// refused, even above a limit that was lowered.
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

// limit answers the limit that holds for a metric, and what is used of it.
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
