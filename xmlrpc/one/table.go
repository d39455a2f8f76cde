package one

import "slices"

// table is the whole table of methods.
func table() []method {
	methods := slices.Concat(
		aclMethods(),
		backupJobMethods(),
		backupMethods(),
		clusterMethods(),
		datastoreMethods(),
		documentMethods(),
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
		vmExecMethods(),
		vmDeviceMethods(),
		vmScheduleMethods(),
		vmSnapshotMethods(),
		vnMethods(),
		vnRangeMethods(),
		vrouterMethods(),
		vntemplateMethods(),
		vmgroupMethods(),
		zoneMethods(),
		raftMethods(),
	)
	for i := range methods {
		methods[i].ahead = readAhead(methods[i].name)
	}
	return methods
}
