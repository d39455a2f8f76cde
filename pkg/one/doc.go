// Package one is the vocabulary that every floor of the house shares: kinds of
// object, their states, permission bits and error codes, with OpenNebula's own
// names and numbers. It imports none of ours and does nothing by itself.
package one
