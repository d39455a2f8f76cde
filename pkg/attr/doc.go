// Package attr is OpenNebula's template language: text that people write, the
// tree that the house reasons about, the XML that every answer carries, and the
// bytes that the store keeps. Every kind of object has such a tree, so its
// quirks live here once.
//
// The language is the one of OpenNebula 7.4 (src/parsers/template_parser.l,
// template_syntax.y, include/Attribute.h, src/template/Template.cc). What is
// better here than there: a line number in an error is the right one, a comment
// may end the text without a newline, XML is well-formed whatever a value holds,
// and a value cut into several CDATA sections is put together again.
package attr
