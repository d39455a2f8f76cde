package one22

import "slices"

// table is the whole table of methods.
func table() []method {
	return slices.Concat(
		vmMethods(), hostMethods(), clusterMethods(), vnMethods(), userMethods(), imageMethods(),
	)
}
