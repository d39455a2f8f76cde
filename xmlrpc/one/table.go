package one

import "slices"

// table is the whole table of methods.
func table() []method {
	return slices.Concat(
		clusterMethods(),
		datastoreMethods(),
		hostMethods(),
		vmMethods(),
		vmPoolMethods(),
		vmDeviceMethods(),
		vmSnapshotMethods(),
	)
}
