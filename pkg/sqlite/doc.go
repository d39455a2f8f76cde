// Package sqlite reads whole tables of SQLite database files, which is all that importing the
// originals' databases needs: no SQL, no indexes and no writing. The format is described at
// https://www.sqlite.org/fileformat2.html.
package sqlite
