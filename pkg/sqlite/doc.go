// Package sqlite reads whole tables of SQLite database files, which is all that
// importing from the originals needs: no SQL, no indexes, no writing, and none of the
// millions of lines that could. The format is that of https://www.sqlite.org/fileformat2.html.
package sqlite
