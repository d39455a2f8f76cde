package user

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// memory remembers checked sessions: under a keyed digest, so that memory holds
// no secrets, and only as long as what proved them stands.
type memory struct {
	key [32]byte // of this process
	mu  sync.RWMutex
	who map[[32]byte]identity
}

// maxRemembered bounds the memory; beyond it any one is forgotten for each that
// is new.
const maxRemembered = 10000

func newMemory() *memory {
	m := &memory{who: map[[32]byte]identity{}}
	rand.Read(m.key[:]) // never fails: the runtime ends the program instead
	return m
}

// digest is never shown to anybody, so that a keyed hash needs no more than the
// key in front.
func (m *memory) digest(text string) [32]byte {
	buf := make([]byte, 0, 256) // longer sessions cost an allocation
	return sha256.Sum256(append(append(buf, m.key[:]...), text...))
}

// find answers a session that was checked before and still holds.
func (m *memory) find(r store.Reader, text string, now time.Time) (identity, bool) {
	key := m.digest(text)
	m.mu.RLock()
	who, ok := m.who[key]
	m.mu.RUnlock()
	if !ok {
		return who, false
	}
	if who, ok = who.still(r, now); !ok {
		m.mu.Lock()
		delete(m.who, key)
		m.mu.Unlock()
	}
	return who, ok
}

func (m *memory) keep(text string, who identity) {
	key := m.digest(text)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.who[key]; !there && len(m.who) >= maxRemembered {
		for any := range m.who {
			delete(m.who, any)
			break
		}
	}
	m.who[key] = who
}
