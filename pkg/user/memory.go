package user

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// memory caches authenticated sessions. The key is a keyed digest, so that the memory of the
// process contains no passwords.
type memory struct {
	key [32]byte // random, for this process
	mu  sync.RWMutex
	who map[[32]byte]identity
}

// maxRemembered bounds the cache. When it is full, a new entry replaces any other.
const maxRemembered = 10000

func newMemory() *memory {
	m := &memory{who: map[[32]byte]identity{}}
	rand.Read(m.key[:]) // never fails: the runtime would end the program
	return m
}

// digest is a hash with the key in front. That is safe here because digests are never
// disclosed.
func (m *memory) digest(text string) [32]byte {
	buf := make([]byte, 0, 256) // on the stack, unless a session is longer
	return sha256.Sum256(append(append(buf, m.key[:]...), text...))
}

// find returns the identity of a session that was authenticated before and is still valid.
func (m *memory) find(r store.Reader, text string, now time.Time) (identity, bool) {
	key := m.digest(text)
	m.mu.RLock()
	who, ok := m.who[key]
	m.mu.RUnlock()
	if !ok {
		return who, false
	}
	if who, ok = who.revalidate(r, now); !ok {
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
