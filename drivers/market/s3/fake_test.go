package s3

import (
	"testing"

	"github.com/minio/minio-go/v7"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
)

// market returns a marketplace in a bucket of the fake S3 server.
func market(f drivertest.S3, attrs ...string) drivers.Market {
	m := drivers.Market{ID: 100}
	all := append([]string{
		"ACCESS_KEY_ID", drivertest.S3KeyID, "SECRET_ACCESS_KEY", drivertest.S3Secret, "REGION", drivertest.S3Region, "BUCKET", "apps", "ENDPOINT", f.URL,
		"FORCE_PATH_STYLE", "YES",
	}, attrs...)
	for i := 0; i < len(all); i += 2 {
		m.Attrs.Set(all[i], all[i+1])
	}
	return m
}

// leftovers counts the objects and incomplete uploads in the bucket.
func leftovers(t *testing.T, s *Store, m drivers.Market) (n int) {
	t.Helper()
	b, err := s.bucketOf(m)
	if err != nil {
		t.Fatal(err)
	}
	for o := range b.client.ListObjectsIter(t.Context(), b.name, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil && !missing(o.Err) {
			t.Fatal(o.Err)
		}
		n++
	}
	for u := range b.client.ListIncompleteUploads(t.Context(), b.name, "", true) {
		if u.Err != nil {
			t.Fatal(u.Err)
		}
		n++
	}
	return n
}
