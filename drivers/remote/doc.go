// Package remote runs commands on hosts and carries files to and from them, so
// that no driver needs to know whether a host is this very machine or one that
// is reached over ssh.
//
// Over ssh it is the system's own OpenSSH that connects, with one multiplexed
// connection per host: the user's ssh_config, ProxyJump and gsissh all work. A
// command is a list of arguments; each is quoted on the way, so text of users
// never becomes shell code.
package remote
