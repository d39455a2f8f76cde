package store

import "slices"

// Commit has the changes of a published batch, in order.
type Commit struct {
	Snap    *Snap
	Changes []Change
}

// watcher is called for every batch.
type watcher struct{ see func(Commit) }

// Watch calls see for every batch, in order, before the batch's Update calls return, until stop
// is called. see is called by the writer: it must be fast and must not call Update. It may
// still be running when stop returns.
func (s *Store) Watch(see func(Commit)) (stop func()) {
	w := &watcher{see}
	s.watchersMu.Lock()
	defer s.watchersMu.Unlock()
	s.watchers = append(slices.Clip(s.watchers), w)
	return func() {
		s.watchersMu.Lock()
		defer s.watchersMu.Unlock()
		s.watchers = slices.DeleteFunc(slices.Clone(s.watchers), func(o *watcher) bool { return o == w })
	}
}

// watching lists the current watchers. The list itself never changes.
func (s *Store) watching() []*watcher {
	s.watchersMu.Lock()
	defer s.watchersMu.Unlock()
	return s.watchers
}
