package xmlrpc

import (
	"compress/gzip"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// defaultCompressBytes is the size from which compression pays; smaller answers fit into a few
// packets anyway.
const defaultCompressBytes = 16 << 10

// Compression says which answers are compressed, if the client accepts that.
type Compression struct {
	Off      bool
	MinBytes int  // 16 KiB when zero
	Loopback bool // also for clients on this machine, where compression only costs time
}

// wanted reports whether an answer of that size should be compressed.
func (c Compression) wanted(r *http.Request, size int) bool {
	if c.Off || size < orDefault(c.MinBytes, defaultCompressBytes) {
		return false
	}
	return acceptsGzip(r.Header.Values("Accept-Encoding")) && (c.Loopback || !onLoopback(r.RemoteAddr))
}

// acceptsGzip reads Accept-Encoding: codings with an optional weight (;q=); weight zero means
// no.
func acceptsGzip(headers []string) bool {
	for _, header := range headers {
		for coding := range strings.SplitSeq(header, ",") {
			name, weight, weighted := strings.Cut(coding, ";")
			if strings.TrimSpace(name) != "gzip" {
				continue
			}
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return !weighted || err == nil && q > 0
		}
	}
	return false
}

func onLoopback(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// sendCompressed sends the document with gzip and chunked encoding, because the compressed
// length is not known before.
func (x *exchange) sendCompressed(d *document) error {
	header := x.w.Header()
	header.Set("Content-Encoding", "gzip")
	header.Set("Vary", "Accept-Encoding")
	z, err := gzip.NewWriterLevel(x.w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if err := x.sendBlocks(z, d); err != nil {
		return err
	}
	return z.Close()
}
