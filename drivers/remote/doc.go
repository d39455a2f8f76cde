// Package remote runs commands and copies files on hosts, so that drivers need not know whether
// a host is this machine or is reached over ssh.
//
// It uses the system's OpenSSH with one multiplexed connection per host: the user's ssh_config,
// ProxyJump and gsissh work. A command is a list of arguments, which are quoted for the remote
// shell, so that users' texts never become shell code.
package remote
