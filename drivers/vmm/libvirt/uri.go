package libvirt

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// uri answers where the libvirt of h is.
func (s *Settings) uri(h drivers.Host) string {
	if own := h.Attrs.Get("LIBVIRT_URI"); own != "" {
		return fill(own, h.Name)
	}
	if h.Local {
		return cmp.Or(s.LocalURI, defaultLocalURI)
	}
	return fill(cmp.Or(s.URI, defaultURI), h.Name)
}

// migrateURI answers where memory of VMs is sent that move to h.
func (s *Settings) migrateURI(h drivers.Host) string {
	return fill(cmp.Or(s.MigrateURI, defaultMigrateURI), h.Name)
}

// fill puts the host's name into a pattern. Nothing in a name can become
// another part of the URI.
func fill(pattern, host string) string {
	name := url.PathEscape(host)
	if strings.Contains(host, ":") && !strings.Contains(host, "[") { // IPv6
		name = "[" + host + "]"
	}
	return strings.ReplaceAll(pattern, "{host}", name)
}
