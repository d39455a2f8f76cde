// Package memlog implements store.Log in memory, for tests and for measuring the cost of the
// log.
package memlog

import (
	"bytes"
	"iter"
	"sync"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Log is a log in memory. It can be opened by another Store after the first one was closed.
type Log struct {
	mu   sync.Mutex
	rows map[string]map[string][]byte
	Fail error // the error of Append, if set; to simulate a full disk, for example
}

var _ store.Log = (*Log)(nil)

// New returns an empty log.
func New() *Log { return &Log{rows: map[string]map[string][]byte{}} }

// Load implements store.Log.
func (l *Log) Load(see func(table string, rows iter.Seq2[[]byte, []byte]) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for table, rows := range l.rows {
		if err := see(table, each(rows)); err != nil {
			return err
		}
	}
	return nil
}

func each(rows map[string][]byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for key, value := range rows {
			if !yield([]byte(key), value) {
				return
			}
		}
	}
}

// Append implements store.Log.
func (l *Log) Append(batch []store.Write) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Fail != nil {
		return l.Fail
	}
	for _, w := range batch {
		if l.rows[w.Table] == nil {
			l.rows[w.Table] = map[string][]byte{}
		}
		if w.Value == nil {
			delete(l.rows[w.Table], string(w.Key))
			continue
		}
		l.rows[w.Table][string(w.Key)] = bytes.Clone(w.Value)
	}
	return nil
}

// Close implements store.Log.
func (l *Log) Close() error { return nil }
