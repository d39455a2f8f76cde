package dummy

import "maps"

// memory is a world that only lasts as long as the program.
type memory struct {
	hosts       map[string]map[int]*domain
	checkpoints map[int]*checkpoint
	known       map[string]Facts
}

func newMemory() *memory {
	return &memory{
		hosts:       make(map[string]map[int]*domain),
		checkpoints: make(map[int]*checkpoint),
		known:       make(map[string]Facts),
	}
}

func (m *memory) domain(host string, vmID int) (*domain, error) {
	return m.hosts[host][vmID].clone(), nil
}

func (m *memory) domains(host string) ([]*domain, error) {
	ds := make([]*domain, 0, len(m.hosts[host]))
	for _, d := range m.hosts[host] {
		ds = append(ds, d.clone())
	}
	return ds, nil
}

func (m *memory) put(host string, d *domain) error {
	if m.hosts[host] == nil {
		m.hosts[host] = make(map[int]*domain)
	}
	m.hosts[host][d.VMID] = d.clone()
	return nil
}

func (m *memory) remove(host string, vmID int) error {
	delete(m.hosts[host], vmID)
	return nil
}

func (m *memory) move(host string, vmID int, to string) error {
	d := m.hosts[host][vmID]
	if d == nil {
		return nil
	}
	delete(m.hosts[host], vmID)
	return m.put(to, d)
}

func (m *memory) checkpoint(at spot) (*checkpoint, error) { return m.checkpoints[at.vmID], nil }

func (m *memory) putCheckpoint(at spot, c *checkpoint) error {
	m.checkpoints[at.vmID] = &checkpoint{File: c.File, Domain: c.Domain.clone()}
	return nil
}

func (m *memory) removeCheckpoint(at spot) error {
	delete(m.checkpoints, at.vmID)
	return nil
}

func (m *memory) facts(host string) (Facts, error) { return m.known[host], nil }

func (m *memory) putFacts(host string, f Facts) error {
	m.known[host] = f
	return nil
}

// clone answers a deep copy; of nil, nil.
func (d *domain) clone() *domain {
	if d == nil {
		return nil
	}
	c := *d
	c.DiskMiB = maps.Clone(d.DiskMiB)
	c.NICs = maps.Clone(d.NICs)
	return &c
}
