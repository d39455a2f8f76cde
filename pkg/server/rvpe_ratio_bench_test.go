package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Sizes of the site in these benchmarks.
const (
	benchHosts  = 500
	benchVMs    = 2000
	benchUsers  = 1000
	benchImages = 1000
)

// BenchmarkBesideOne makes calls of RENKEI-VPE's API and the corresponding calls of the 7.4 API
// in turn, and reports how much longer the former take: "times-one".
func BenchmarkBesideOne(b *testing.B) {
	s := serveAll(b)
	s.populate(b)
	for _, c := range []struct {
		name    string
		args    []any
		one     string
		oneArgs []any
	}{
		{"user.info", []any{7}, "one.user.info", []any{8, false}},
		{"user.pool", nil, "one.userpool.info", nil},
		{"vm.info", []any{700}, "one.vm.info", []any{699, false}},
		{"vm.pool", []any{-2, 1}, "one.vmpool.infoextended", []any{-2, -1, -1, -1, ""}}, // with templates, as RENKEI-VPE's answer has
		{"image.info", []any{500}, "one.image.info", []any{500, false}},
		{"image.pool", []any{-2}, "one.imagepool.info", []any{-2, -1, -1}},
		{"host.info", []any{100}, "one.host.info", []any{100, false}},
		{"host.pool", nil, "one.hostpool.info", nil},
		{"lease.info", []any{100}, "one.vn.info", []any{0, false}},
		{"lease.pool", []any{-2}, "one.vn.info", []any{0, false}},
		{"vn.info", []any{1}, "one.vn.info", []any{0, false}},
		{"vn.pool", nil, "one.vn.info", []any{0, false}}, // RENKEI-VPE's answer has leases, those of pools do not
		{"zone.pool", nil, "one.clusterpool.info", nil},
		{"vmtype.pool", nil, "one.templatepool.info", []any{-2, -1, -1}},
	} {
		b.Run(c.name, func(b *testing.B) {
			ours := s.ready(b, s.rvpe, "rvpe."+c.name, s.session, c.args)
			theirs := s.ready(b, s.one, c.one, "oneadmin:secret", c.oneArgs)
			var took, tookOne time.Duration
			for b.Loop() {
				took += ours()
				tookOne += theirs()
			}
			b.ReportMetric(float64(took)/float64(tookOne), "times-one")
			b.ReportMetric(float64(took.Microseconds())/float64(b.N), "rvpe-µs")
		})
	}
}

// ready answers a function that makes a call and measures it.
func (s benchSite) ready(b *testing.B, url, method, session string, args []any) func() time.Duration {
	b.Helper()
	body, err := xmlrpc.MarshalCall(method, append([]any{session}, args...)...)
	if err != nil {
		b.Fatal(err)
	}
	return func() time.Duration {
		start := time.Now()
		resp, err := http.Post(url, "text/xml", bytes.NewReader(body))
		if err != nil {
			b.Fatal(method, err)
		}
		head := make([]byte, 200)
		_, err = io.ReadFull(resp.Body, head)
		_, copyErr := io.Copy(io.Discard, resp.Body)
		took := time.Since(start)
		if err := errors.Join(err, copyErr, resp.Body.Close()); err != nil || !bytes.Contains(head, []byte("<boolean>1</boolean>")) {
			b.Fatalf("%s: %v %s", method, err, head)
		}
		return took
	}
}

// populate makes a zone with hosts, users, images and VMs.
func (s benchSite) populate(b *testing.B) {
	b.Helper()
	for id, mad := range []string{"TM_MAD=dummy", "TM_MAD=dummy\nDS_MAD=dummy"} {
		post(b, s.one, "one.datastore.update", id, mad, 1)
	}
	var zone strings.Builder
	fmt.Fprintf(&zone, "name: z\nhost: [h0")
	for i := 1; i < benchHosts; i++ {
		fmt.Fprintf(&zone, ", h%d", i)
	}
	zone.WriteString("]\nnetwork:\n  - name: n\n    address: 10.1.0.0\n    netmask: 255.255.0.0\n    gateway: 10.1.0.1\n" +
		"    dns: [10.1.0.2]\n    ntp: [10.1.0.3]\n    interface: br0\n    lease:\n")
	for i := range benchVMs {
		fmt.Fprintf(&zone, "      - {name: vm%d.z, address: 10.1.%d.%d}\n", i, 1+i/250, 1+i%250)
	}
	s.must(b, "rvpe.zone.allocate", zone.String())
	s.must(b, "rvpe.vmtype.allocate", "name: small\ncpu: 1\nmemory: 128\nweight: 1\n")
	s.must(b, "rvpe.user.enable_zone", 0, true, 1, benchVMs)
	for i := range benchUsers {
		s.must(b, "rvpe.user.allocate", fmt.Sprintf("user%d", i), strings.Repeat("a", 40))
	}
	for i := range benchImages {
		s.bring(b, fmt.Sprintf("name: image%d\npath: /x\n", i))
		s.must(b, "rvpe.image.enable", i, true)
	}
	for range benchVMs {
		s.must(b, "rvpe.vm.allocate", "small", 0, "key", "z", "n")
	}
}

// bring uploads an image.
func (s benchSite) bring(b *testing.B, definition string) {
	b.Helper()
	image := make([]byte, 512)
	copy(image, "QFI\xfb\x00\x00\x00\x02")
	binary.BigEndian.PutUint64(image[24:], 1<<30)
	name := escaped(s.must(b, "rvpe.transfer.init", "put", "x", len(image)), "NAME")
	s.must(b, "rvpe.transfer.put", name, base64.StdEncoding.EncodeToString(image))
	s.must(b, "rvpe.transfer.finalize", name)
	s.must(b, "rvpe.image.allocate", definition+"transfer: "+name+"\n")
}

func (s benchSite) must(b *testing.B, method string, args ...any) string {
	b.Helper()
	answer, err := s.call(method, args...)
	if err != nil {
		b.Fatalf("%s: %v", method, err)
	}
	return answer
}
