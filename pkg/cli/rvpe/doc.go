// Package rvpe is RENKEI-VPE's command line: rvpeuser, rvpezone and the other
// rvpe* commands, and vmkiller. It exists so that a site whose people and scripts
// know these commands needs no Ruby. Arguments, options, columns, messages and exit
// codes are the originals'. It speaks rvpe.* to the server like any client.
//
// Each command is a program with a table of options and a table of verbs, in the
// file of its noun. The other files are what all share: options are parsed like
// Ruby's OptionParser does, XML is formatted like Nokogiri does, and tables look
// like RENKEI-VPE's.
package rvpe
