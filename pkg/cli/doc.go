// Package cli is OpenNebula's command line: `renkei vm list`, or the same as
// `onevm list`. It exists so that people and scripts that know the one* commands
// have nothing to learn. It talks to the server like any other client, through
// pkg/client.
//
// One description per kind of object (a noun) contains the names of its XML-RPC
// methods, the columns of its list, and how it is shown. The verbs that all nouns
// share are written once over that description, and most of a noun's own verbs
// are a single line from the arguments to the call. Columns, widths, states and
// messages are those of OpenNebula's src/cli.
package cli
