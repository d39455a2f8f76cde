package xmlrpc

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
)

// page is an error page, for requests that are not XML-RPC calls.
type page struct {
	status int
	text   string
	close  bool // close the connection
	err    error
}

// pageFormat is exactly the page of xmlrpc-c's web server, because scripts look for it.
const pageFormat = `<HTML><HEAD><TITLE>Error %d</TITLE></HEAD><BODY><H1>Error %d</H1><P>%s</P>` +
	`<p><HR><b><i><a href="http://xmlrpc-c.sourceforge.net">ABYSS Web Server for XML-RPC For C/C++</a></i></b>` +
	` version 1.33.14<br></p></BODY></HTML>`

// refusal checks the request before its body is read, and returns an error page, or nil if it
// may be a call.
func (x *exchange) refusal() *page {
	length := x.r.Header.Get("Content-Length")
	switch {
	case x.at(x.r.URL.Path) == nil:
		return notFoundPage(x.r.URL.Path)
	case x.r.Method == http.MethodOptions:
		return &page{status: http.StatusOK}
	case x.r.Method != http.MethodPost:
		return &page{status: http.StatusMethodNotAllowed, text: "POST is the only HTTP method this server understands"}
	case x.r.ContentLength > x.limits.BodyBytes:
		return tooLargePage(x.limits.BodyBytes)
	case x.r.ContentLength == 0 && length == "":
		return &page{status: http.StatusLengthRequired, text: "You must send a content-length HTTP header in an XML-RPC call."}
	case x.r.ContentLength == 0:
		return emptyPage()
	case x.r.Header.Get("Content-Encoding") != "" && x.r.Header.Get("Content-Encoding") != "identity":
		return &page{status: http.StatusUnsupportedMediaType, text: "Send the call as it is, without a Content-Encoding."}
	}
	return nil
}

func notFoundPage(path string) *page {
	return &page{status: http.StatusNotFound, text: "This XML-RPC For C/C++ Abyss XML-RPC server responds to only one URI path.  " +
		"I don't know what URI path that is, but it's not the one you requested: '" + html.EscapeString(path) + "'.  (Typically, it's '/RPC2')"}
}

func emptyPage() *page {
	return &page{status: http.StatusBadRequest, text: "According to your content-length HTTP header, your request is empty (zero length)"}
}

func tooLargePage(most int64) *page {
	return &page{
		status: http.StatusRequestEntityTooLarge, close: true, err: errTooLarge,
		text: fmt.Sprintf("XML-RPC request too large.  Max allowed is %d bytes", most),
	}
}

func busyPage() *page {
	return &page{
		status: http.StatusServiceUnavailable, close: true, err: errBusy,
		text: "Too many large calls are being read at the moment.  Try again.",
	}
}

func slowPage(err error) *page {
	return &page{status: http.StatusRequestTimeout, close: true, err: err, text: "The call did not arrive in time."}
}

func brokenPage(err error) *page {
	return &page{status: http.StatusBadRequest, close: true, err: err, text: "The call did not arrive whole."}
}

// page sends a page.
func (x *exchange) page(p *page) {
	x.rec.Status, x.rec.Err = p.status, p.err
	if x.rec.Err == nil && p.text != "" {
		x.rec.Err = fmt.Errorf("HTTP %d: %s", p.status, p.text)
	}
	header := x.w.Header()
	if p.close {
		header.Set("Connection", "close")
	}
	if p.status == http.StatusOK || p.status == http.StatusMethodNotAllowed {
		header.Set("Allow", http.MethodPost)
	}
	body := ""
	if p.text != "" {
		body = fmt.Sprintf(pageFormat, p.status, p.status, p.text)
		header.Set("Content-Type", "text/html")
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(p.status)
	if _, err := io.WriteString(x.w, body); err != nil && x.rec.Err == nil {
		x.rec.Err = err
	}
}
