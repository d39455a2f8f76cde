// Package scheduler places pending VMs as soon as something changes that could make it
// possible; it does not wait for a timer. It passes the newest snapshot to package placement,
// and applies the decisions in transactions, which check again whether a decision is still
// possible.
package scheduler
