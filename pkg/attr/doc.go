// Package attr implements OpenNebula's template language: templates as text, as a data
// structure, as XML in answers, and as bytes in the store.
//
// The language is that of OpenNebula 7.4 (src/parsers/template_parser.l, template_syntax.y,
// include/Attribute.h, src/template/Template.cc). Improvements: line numbers in errors are
// right, a comment may end the text without a newline, XML is well-formed for all values, and a
// value in several CDATA sections is read completely.
package attr
