package xmlrpc

import "time"

// Limits limits what clients may use. A field that is zero has the default beside it.
type Limits struct {
	BodyBytes int64 // size of a call, 16 MiB
	Depth     int   // nesting of arrays and structs, 64 as in xmlrpc-c
	Values    int   // number of values in a call, 100,000
	Conns     int   // connections at the same time, 1,024

	ReadTimeout  time.Duration // for the header, and again for the body of a call, 30 s
	WriteTimeout time.Duration // for each block of an answer, 60 s
	IdleTimeout  time.Duration // between two calls on a connection, 120 s
	CallTimeout  time.Duration // for a handler, 300 s
}

const (
	defaultBodyBytes = 16 << 20
	defaultDepth     = 64
	defaultValues    = 100_000
	defaultConns     = 1024

	defaultReadTimeout  = 30 * time.Second
	defaultWriteTimeout = 60 * time.Second
	defaultIdleTimeout  = 120 * time.Second
	defaultCallTimeout  = 300 * time.Second
)

// withDefaults sets the fields that are zero.
func (l Limits) withDefaults() Limits {
	l.BodyBytes = orDefault(l.BodyBytes, defaultBodyBytes)
	l.Depth = orDefault(l.Depth, defaultDepth)
	l.Values = orDefault(l.Values, defaultValues)
	l.Conns = orDefault(l.Conns, defaultConns)
	l.ReadTimeout = orDefault(l.ReadTimeout, defaultReadTimeout)
	l.WriteTimeout = orDefault(l.WriteTimeout, defaultWriteTimeout)
	l.IdleTimeout = orDefault(l.IdleTimeout, defaultIdleTimeout)
	l.CallTimeout = orDefault(l.CallTimeout, defaultCallTimeout)
	return l
}

func orDefault[T int | int64 | time.Duration](v, def T) T {
	if v > 0 {
		return v
	}
	return def
}
