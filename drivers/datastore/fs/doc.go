// Package fs stores images as files in a folder of the front end, as OpenNebula's fs datastore
// does. Images are local files that the datastore's RESTRICTED_DIRS and SAFE_DIRS allow, are
// downloaded over HTTP and HTTPS, or are created empty.
//
// Images of users are not trusted: they are checked before they get their names, and those with
// backing files, which would make a host read other files, are refused.
package fs
