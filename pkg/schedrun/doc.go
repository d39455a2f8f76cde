// Package schedrun does what was scheduled when its time has come: actions on
// VMs now, backup jobs later. What came due while no server ran is done at the
// start. What cannot be done is tried again until it can, and says why it waits.
package schedrun
