// Package xsd checks XML documents against OpenNebula's own schemas, so that a
// test can say whether an answer has the elements, the order and the types
// that clients generated from those schemas expect.
//
// It understands the part of XML Schema which these files use: global and local
// elements, named and anonymous complex types, sequence, choice, all, any,
// occurrence bounds, references, includes, and simple types with enumerations,
// patterns and fixed values. Anything else makes a schema file
// unusable and is reported as such, never silently ignored. The target namespace is left out of account,
// because the daemon answers without one.
package xsd
