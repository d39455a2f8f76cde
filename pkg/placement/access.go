package placement

// Access is what the owner of a VM may use, by ID: ACL rules, and so virtual
// data centers, keep users from hosts, datastores and networks. One of several
// VMs is shared, so that they are of one class. A nil Access is everything.
type Access struct {
	Hosts, Datastores, Networks map[int]bool
}

func (a *Access) host(id int) bool      { return a == nil || a.Hosts[id] }
func (a *Access) datastore(id int) bool { return a == nil || a.Datastores[id] }
func (a *Access) network(id int) bool   { return a == nil || a.Networks[id] }
