// Package fs keeps images as files in a folder of the front end, as
// OpenNebula's fs datastore does. Images come from files that the datastore's
// RESTRICTED_DIRS and SAFE_DIRS allow, from http and https, or are made empty.
//
// What users bring is not trusted: an image is looked at before it gets its
// name, and one that would make a host read other files is refused.
package fs
