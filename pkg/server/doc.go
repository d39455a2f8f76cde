// Package server assembles Renkei: the store, the settings of rules, the drivers, the engine,
// the scheduler, monitoring, and the APIs on their listeners. It is the only package that
// imports all parts, and has no logic of its own.
package server
