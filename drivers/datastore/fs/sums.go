package fs

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// sums are the checksums in an image's template.
type sums []*sum

type sum struct {
	name, want string
	hash.Hash
}

// wantedSums reads OpenNebula's attributes MD5 and SHA1, and SHA256. FROM_APP_MD5 is the
// checksum of the marketplace app that the image is imported from.
func wantedSums(image attr.Template) sums {
	var wanted sums
	if !image.Has("MD5") && image.Has("FROM_APP_MD5") {
		image = image.Clone()
		image.Set("MD5", image.Get("FROM_APP_MD5"))
	}
	for _, s := range []*sum{{name: "MD5", Hash: md5.New()}, {name: "SHA1", Hash: sha1.New()}, {name: "SHA256", Hash: sha256.New()}} {
		if s.want = strings.ToLower(strings.TrimSpace(image.Get(s.name))); s.want != "" {
			wanted = append(wanted, s)
		}
	}
	return wanted
}

// Write adds p to all checksums; it never fails.
func (all sums) Write(p []byte) (int, error) {
	for _, s := range all {
		s.Hash.Write(p)
	}
	return len(p), nil
}

func (all sums) check() error {
	for _, s := range all {
		if got := hex.EncodeToString(s.Sum(nil)); got != s.want {
			return fmt.Errorf("%s of what arrived is %s, not %s as the image's template says: the source has changed or was damaged on the way", s.name, got, s.want)
		}
	}
	return nil
}
