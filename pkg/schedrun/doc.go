// Package schedrun carries out scheduled actions of VMs and backup jobs when they are due.
// Actions that became due while the server was down are carried out when it starts. Those that
// fail are tried again, and show the reason.
package schedrun
