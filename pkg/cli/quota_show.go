package cli

// quotas prints all quotas of a user or group. defaults are the default quotas.
func (p *page) quotas(n, defaults *node) {
	vms := n.all("VM_QUOTA/VM")
	if len(vms) == 0 && n.get("ID") != "0" {
		vms = []*node{unusedQuota()}
	}
	limits := limitsOf(defaults)
	p.section("VMS USAGE & QUOTAS")
	if len(vms) > 0 {
		p.blank()
		p.table(limits.columns("VMS", "MEMORY", "CPU", "PCI_DEV", "PCI_NIC", "SYSTEM_DISK_SIZE"), vms)
	}
	p.section("VMS USAGE & QUOTAS - RUNNING")
	if len(vms) > 0 {
		p.blank()
		p.table(limits.columns("RUNNING_VMS", "RUNNING_MEMORY", "RUNNING_CPU", "RUNNING_PCI_DEV", "RUNNING_PCI_NIC"), vms)
	}
	p.section("DATASTORE USAGE & QUOTAS")
	p.resourceQuotas(n.all("DATASTORE_QUOTA/DATASTORE"), "IMAGES", "SIZE")
	p.section("NETWORK USAGE & QUOTAS")
	p.resourceQuotas(n.all("NETWORK_QUOTA/NETWORK"), "LEASES")
	p.section("IMAGE USAGE & QUOTAS")
	p.resourceQuotas(n.all("IMAGE_QUOTA/IMAGE"), "RVMS")
}

// limits answers a limit, or the default quota's.
type limits struct{ defaults *node }

func limitsOf(defaults *node) limits { return limits{defaults} }

func (l limits) of(quota *node, name string) string {
	limit := quota.or(name, limitUnlimited)
	if limit == limitDefault {
		return l.defaults.or("VM_QUOTA/VM/"+name, limitUnlimited)
	}
	return limit
}

// columns print usage and limit of a VM quota.
func (l limits) columns(names ...string) []column {
	columns := []column{{"CLUSTERS", "", 8, 0, text("CLUSTER_IDS")}}
	for _, name := range names {
		form, write, width := "%3s", plainText, 9
		switch name {
		case "MEMORY", "RUNNING_MEMORY", "SYSTEM_DISK_SIZE":
			form, write, width = "%6s", mebibyteText, 15
		case "CPU", "RUNNING_CPU":
			form, write, width = "%6s", decimalText, 15
		case "RUNNING_PCI_DEV", "RUNNING_PCI_NIC":
			width = 12
		}
		columns = append(columns, column{quotaHeads(name), "", width, 0, func(_ *view, quota *node) string {
			return usedOf(quota.or(name+"_USED", "0"), l.of(quota, name), form, write)
		}})
	}
	return columns
}

// quotaHeads are the headers of columns whose names do not fit.
func quotaHeads(name string) string {
	switch name {
	case "PCI_DEV":
		return "PCI DEV"
	case "PCI_NIC":
		return "PCI NIC"
	case "SYSTEM_DISK_SIZE":
		return "DISK SIZE"
	case "RUNNING_VMS":
		return "RUN VMS"
	case "RUNNING_MEMORY":
		return "RUN MEMORY"
	case "RUNNING_CPU":
		return "RUN CPU"
	case "RUNNING_PCI_DEV":
		return "RUN PCI"
	case "RUNNING_PCI_NIC":
		return "RUN PCI NIC"
	}
	return name
}

// resourceQuotas prints quotas for datastores, networks or images.
func (p *page) resourceQuotas(rows []*node, names ...string) {
	if len(rows) == 0 {
		return
	}
	p.blank()
	columns := []column{{"ID", "", 12, 0, text("ID")}}
	for _, name := range names {
		write := plainText
		if name == "SIZE" {
			write = mebibyteText
		}
		columns = append(columns, column{name, "", 20, 0, func(_ *view, quota *node) string {
			limit := quota.or(name, limitUnlimited)
			if limit == limitDefault {
				limit = limitUnlimited
			}
			return usedOf(quota.or(name+"_USED", "0"), limit, "%8s", write)
		}})
	}
	p.table(columns, rows)
}

// quotaVerb edits the quotas of a user or group.
func quotaVerb(n *noun) verb {
	v := updateVerb("quota", "modified", "Set the quotas of a "+n.title,
		func(_ *input, id int, text string) request { return call(n.method+"quota", id, text) },
		func(_ *input, object *node) string { return quotaText(object) })
	v.flags = nil // quotas that are not in the template are not changed
	return v
}

// quotaText is the quotas of an object as a template, without usage.
func quotaText(object *node) string {
	limits := &node{}
	for _, path := range []string{"DATASTORE_QUOTA/DATASTORE", "NETWORK_QUOTA/NETWORK", "VM_QUOTA/VM", "IMAGE_QUOTA/IMAGE"} {
		for _, quota := range object.all(path) {
			limit := &node{name: quota.name}
			for _, part := range quota.kids {
				if len(part.name) < 5 || part.name[len(part.name)-5:] != "_USED" {
					limit.kids = append(limit.kids, part)
				}
			}
			limits.kids = append(limits.kids, limit)
		}
	}
	return templateText(limits)
}
