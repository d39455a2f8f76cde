// Package rvpe is RENKEI-VPE's command line: rvpeuser, rvpezone and the seven
// others, and vmkiller. It exists so that a site whose people and scripts know
// these commands needs no Ruby. Words, options, columns, messages and exit codes
// are those of the originals; it speaks rvpe.* to the server as any client does.
//
// Each command is a program: a table of its options and of its commands, in the
// file of its noun. What all share is beside: options are read as Ruby's OptionParser
// does, XML is written as Nokogiri does, tables have RENKEI-VPE's form.
package rvpe
