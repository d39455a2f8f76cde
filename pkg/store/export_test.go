package store

// Together runs transactions in one batch, in order, and returns their errors. The caller takes
// the writer's place, so nobody may call Update meanwhile.
func (s *Store) Together(fns ...func(*Tx) error) (ends []error) {
	var batch []*request
	for _, fn := range fns {
		batch = append(batch, &request{fn: fn, gone: func() error { return nil }, done: make(chan error, 1)})
	}
	s.commit(batch)
	for _, r := range batch {
		ends = append(ends, <-r.done)
	}
	return ends
}
