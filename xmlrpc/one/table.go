package one

import "slices"

// table is the whole table of methods.
func table() []method {
	return slices.Concat(
		aclMethods(),
		backupMethods(),
		clusterMethods(),
		datastoreMethods(),
		groupMethods(),
		hookMethods(),
		hostMethods(),
		imageMethods(),
		marketMethods(),
		marketappMethods(),
		secgroupMethods(),
		systemMethods(),
		templateMethods(),
		userMethods(),
		vdcMethods(),
		vmMethods(),
		vmPoolMethods(),
		vmAccountMethods(),
		vmDeviceMethods(),
		vmScheduleMethods(),
		vmSnapshotMethods(),
		vnMethods(),
		vnRangeMethods(),
		vrouterMethods(),
		zoneMethods(),
	)
}
