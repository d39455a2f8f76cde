// Package contextcd makes the CD by which a guest learns who it is: an ISO 9660
// image with the label CONTEXT that holds context.sh and the files that go with
// it. Guests know it from OpenNebula and mount it by its label.
//
// The same files give the same bytes, whenever and wherever the CD is made, so
// that a repeated call after a crash changes nothing. Only where long names
// begin alike may the 8.3 names differ, which no guest of today looks at.
package contextcd
