package monitor

import (
	"sync"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Rings keeps the last samples of each host and VM.
type Rings struct {
	size  int
	mu    sync.RWMutex
	hosts map[int]*ring[host.Sample]
	vms   map[int]*ring[vm.Sample]
}

// NewRings keeps up to size samples of each object.
func NewRings(size int) *Rings {
	return &Rings{size: size, hosts: map[int]*ring[host.Sample]{}, vms: map[int]*ring[vm.Sample]{}}
}

// ring is a list of limited size, without the oldest elements.
type ring[T any] struct {
	list []T
	next int // index of the next sample, once the list is full
}

func (r *ring[T]) add(v T, size int) {
	if len(r.list) < size {
		r.list = append(r.list, v)
		return
	}
	r.list[r.next] = v
	r.next = (r.next + 1) % len(r.list)
}

// all lists the samples, oldest first.
func (r *ring[T]) all() []T {
	if r == nil {
		return nil
	}
	return append(append(make([]T, 0, len(r.list)), r.list[r.next:]...), r.list[:r.next]...)
}

func put[T any](r *Rings, m map[int]*ring[T], id int, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m[id] == nil {
		m[id] = &ring[T]{}
	}
	m[id].add(v, r.size)
}

func (r *Rings) host(id int, s host.Sample) { put(r, r.hosts, id, s) }
func (r *Rings) vm(id int, s vm.Sample)     { put(r, r.vms, id, s) }

func (r *Rings) forgetHost(id int) { forget(r, r.hosts, id) }
func (r *Rings) forgetVM(id int)   { forget(r, r.vms, id) }

func forget[T any](r *Rings, m map[int]*ring[T], id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(m, id)
}

// Host returns the samples of a host, oldest first.
func (r *Rings) Host(id int) []host.Sample {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.hosts[id].all()
}

// VM returns the samples of a VM, oldest first.
func (r *Rings) VM(id int) []vm.Sample {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.vms[id].all()
}
