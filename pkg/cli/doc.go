// Package cli is OpenNebula's command line: `renkei vm list`, and the same
// under the name onevm. It exists so that fingers and scripts that know the
// one* commands need to learn nothing, and it speaks to the server as any other
// client does, through pkg/client.
//
// One description per kind of object (a noun) says what its XML-RPC methods are
// called, which columns its list has and how it is shown. The verbs that all
// nouns share are written once over that description; most of a noun's own
// verbs are one line each, from the words of the command line to the call of
// the server. Columns, widths, words of state and messages are those of
// OpenNebula's src/cli.
package cli
