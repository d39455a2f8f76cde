// Package contextcd makes context CDs: ISO 9660 images with the label CONTEXT that contain
// context.sh and further files. Guests with OpenNebula's contextualization packages mount them
// by their label.
//
// Equal files give equal images, so that a repeated call after a crash changes nothing. The
// only exception are 8.3 names of files whose long names have a common beginning; guests do not
// use those.
package contextcd
