package store

import "slices"

// Commit is what a published batch changed, in order.
type Commit struct {
	Snap    *Snap
	Changes []Change
}

// watcher is told of every batch.
type watcher struct{ see func(Commit) }

// Watch has see called for every batch, in order, before its transactions are
// answered, until stop is called. It runs on the writer: it must be quick and
// must not call Update. A batch that is being told of when stop is called may
// still be told.
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

// watching lists who is told now. The list itself is never changed.
func (s *Store) watching() []*watcher {
	s.watchersMu.Lock()
	defer s.watchersMu.Unlock()
	return s.watchers
}
