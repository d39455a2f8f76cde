package store

// maxBatch is the maximum number of transactions per sync.
const maxBatch = 512

// write is the single writer: it commits the transactions that have arrived as one batch.
func (s *Store) write() {
	defer close(s.closed)
	for {
		select {
		case r := <-s.requests:
			s.commit(s.gather(r))
		case <-s.closing:
			s.drain()
			return
		}
	}
}

// gather takes the transactions in the queue after r, without waiting for more.
func (s *Store) gather(r *request) []*request {
	batch := []*request{r}
	for len(batch) < maxBatch {
		select {
		case r := <-s.requests:
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// drain commits what was queued before Close.
func (s *Store) drain() {
	for {
		select {
		case r := <-s.requests:
			s.commit(s.gather(r))
		default:
			return
		}
	}
}
