package libvirt

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// uri answers the libvirt URI of h.
func (s *Settings) uri(h drivers.Host) string {
	if own := h.Attrs.Get("LIBVIRT_URI"); own != "" {
		return fill(own, h.Name)
	}
	if h.Local {
		return cmp.Or(s.LocalURI, defaultLocalURI)
	}
	return fill(cmp.Or(s.URI, defaultURI), h.Name)
}

// migrateURI answers where the memory of VMs that are migrated to h is sent.
func (s *Settings) migrateURI(h drivers.Host) string {
	return fill(cmp.Or(s.MigrateURI, defaultMigrateURI), h.Name)
}

// fill inserts the host's name into a pattern, escaped.
func fill(pattern, host string) string {
	name := url.PathEscape(host)
	if strings.Contains(host, ":") && !strings.Contains(host, "[") { // IPv6
		name = "[" + host + "]"
	}
	return strings.ReplaceAll(pattern, "{host}", name)
}
