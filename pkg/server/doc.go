// Package server puts Renkei together: the store, the rules' settings, the
// drivers, the engine, the scheduler, monitoring, and the faces on their
// listener. It is the one place that knows all parts, and holds no logic of
// its own.
package server
