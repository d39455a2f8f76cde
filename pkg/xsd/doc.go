// Package xsd validates XML documents against OpenNebula's schemas, so that tests can check
// that answers have the elements, the order and the types that clients generated from those
// schemas expect.
//
// It supports the part of XML Schema that these files use: global and local elements, named and
// anonymous complex types, sequence, choice, all, any, occurrence bounds, references, includes,
// and simple types with enumerations, patterns and fixed values. Anything else is reported and
// makes a schema file unusable; it is never ignored. The target namespace is ignored, because
// the server's answers have none.
package xsd
