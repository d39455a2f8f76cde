package user

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// memory remembers checked sessions: under a digest, so that memory holds no
// secrets, and only as long as the user is as he was.
type memory struct {
	salt *[32]byte
	mu   *sync.RWMutex
	who  map[[32]byte]identity
}

// maxRemembered bounds the memory; beyond it all is forgotten and checked anew.
const maxRemembered = 10000

func newMemory() memory {
	m := memory{salt: new([32]byte), mu: new(sync.RWMutex), who: map[[32]byte]identity{}}
	rand.Read(m.salt[:])
	return m
}

// key is the digest of a session with this process's salt.
func (m memory) key(text string) [32]byte {
	buf := make([]byte, 0, 160)
	return sha256.Sum256(append(append(buf, m.salt[:]...), text...))
}

// find answers a session that was checked before and still holds.
func (m memory) find(r store.Reader, text string, now time.Time) (identity, bool) {
	key := m.key(text)
	m.mu.RLock()
	who, ok := m.who[key]
	m.mu.RUnlock()
	if !ok {
		return who, false
	}
	if u, there := Kind.Table.Get(r, store.ID(who.user.ID)); there && u == who.user && now.Before(who.expires) {
		return who, true
	}
	m.mu.Lock()
	delete(m.who, key)
	m.mu.Unlock()
	return who, false
}

func (m memory) keep(text string, who identity) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.who) >= maxRemembered {
		clear(m.who)
	}
	m.who[m.key(text)] = who
}
