package replay

import "net/http"

// shape is how a request is sent if it is not a plain POST to the endpoint. The recording has
// bodies only; the step's name tells what was special.
type shape struct {
	method string            // "" for POST
	path   string            // "" for the endpoint's own; "?…" is appended to that
	header map[string]string // "" removes a header
}

// shapes are the special requests of the recordings.
var shapes = map[string]shape{
	"http-get":                   {method: http.MethodGet},
	"http-put":                   {method: http.MethodPut},
	"http-post-root":             {path: "/"},
	"http-post-otherpath":        {path: "/nothere"},
	"http-post-RPC2-query":       {path: "?a=b"},
	"http-ctype-application-xml": {header: map[string]string{"Content-Type": "application/xml"}},
	"http-ctype-none":            {header: map[string]string{"Content-Type": ""}},
	"http-ctype-json":            {header: map[string]string{"Content-Type": "application/json"}},
	"http-ctype-charset":         {header: map[string]string{"Content-Type": "text/xml; charset=utf-8"}},
	"http-accept-gzip":           {header: map[string]string{"Accept-Encoding": "gzip"}},
	"http-basic-auth":            {header: map[string]string{"Authorization": "Basic b25lYWRtaW46b3Blbm5lYnVsYQ=="}}, // oneadmin:opennebula
}
