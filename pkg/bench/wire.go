package bench

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// caller is a client with a persistent connection, if the server supports that. It does as
// little as possible, as it runs on the same CPUs as the server.
type caller struct {
	to      *url.URL
	session string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	head    [1024]byte // the beginning of an answer, which tells whether it is a success
}

// patience is the timeout of a call.
const patience = 5 * time.Minute

var errRefused = errors.New("refused")

// call makes a call, reads the whole answer, and answers its length.
func (c *caller) call(method string, args ...any) (size int64, err error) {
	_, size, err = c.ask(nil, method, args...)
	return size, err
}

// ask is call with a buffer for the answer; nil discards it.
func (c *caller) ask(keep *bytes.Buffer, method string, args ...any) (head []byte, size int64, err error) {
	body := appendCall(nil, method, append([]any{c.session}, args...))
	c.out = append(c.out[:0], "POST "+c.to.RequestURI()+" HTTP/1.1\r\nHost: "+c.to.Host+"\r\nContent-Type: text/xml\r\nContent-Length: "...)
	c.out = append(strconv.AppendInt(c.out, int64(len(body)), 10), "\r\n\r\n"...)
	c.out = append(c.out, body...)
	fresh := c.conn == nil
	resp, err := c.exchange() //nolint:bodyclose // read reads the body of our connection to its end
	if err != nil && !fresh { // the server may close a persistent connection at any time
		c.close()
		resp, err = c.exchange() //nolint:bodyclose // as above
	}
	if err != nil {
		c.close()
		return nil, 0, fmt.Errorf("%s: %w", method, err)
	}
	head, size, err = c.read(resp, keep)
	if err != nil || resp.Close {
		c.close()
	}
	if err != nil {
		return head, size, fmt.Errorf("%s: %w", method, err)
	}
	return head, size, nil
}

// exchange sends the request in out and reads the head of the response.
func (c *caller) exchange() (*http.Response, error) {
	if c.conn == nil {
		if err := c.dial(); err != nil {
			return nil, err
		}
	}
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(c.out); err != nil {
		return nil, err
	}
	return http.ReadResponse(c.in, nil)
}

func (c *caller) dial() (err error) {
	host := c.to.Host
	if c.to.Port() == "" {
		host = net.JoinHostPort(c.to.Hostname(), map[string]string{"http": "80", "https": "443"}[c.to.Scheme])
	}
	if c.to.Scheme == "https" {
		c.conn, err = tls.Dial("tcp", host, nil)
	} else {
		c.conn, err = net.Dial("tcp", host)
	}
	if err != nil {
		c.conn = nil
		return err
	}
	c.in = bufio.NewReaderSize(c.conn, 64<<10)
	return nil
}

func (c *caller) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// read reads the response to its end. An answer that is not [true, …] is an error.
func (c *caller) read(resp *http.Response, keep *bytes.Buffer) (head []byte, size int64, err error) {
	defer resp.Body.Close()
	n, err := io.ReadFull(resp.Body, c.head[:])
	head = c.head[:n]
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return head, int64(n), err
	}
	var rest io.Writer = io.Discard
	if keep != nil {
		keep.Write(head)
		rest = keep
	}
	more, err := io.Copy(rest, resp.Body)
	if err == nil && !bytes.Contains(head, []byte("<boolean>1</boolean>")) {
		err = fmt.Errorf("%w: %s", errRefused, head)
	}
	return head, int64(n) + more, err
}

// id is the number in an answer [true, number, …].
func (c *caller) id(method string, args ...any) (int, error) {
	head, _, err := c.ask(nil, method, args...)
	if err != nil {
		return -1, err
	}
	for _, tag := range []string{"<i4>", "<int>"} {
		if _, rest, ok := bytes.Cut(head, []byte(tag)); ok {
			digits, _, _ := bytes.Cut(rest, []byte("<"))
			return strconv.Atoi(string(digits))
		}
	}
	return -1, fmt.Errorf("%s: the answer has no number: %s", method, head)
}

// appendCall appends a call: its arguments are texts, numbers and booleans.
func appendCall(dst []byte, method string, args []any) []byte {
	dst = append(dst, `<?xml version="1.0"?><methodCall><methodName>`...)
	dst = append(append(dst, method...), "</methodName><params>"...)
	for _, a := range args {
		dst = append(dst, "<param><value>"...)
		switch a := a.(type) {
		case int:
			dst = append(strconv.AppendInt(append(dst, "<i4>"...), int64(a), 10), "</i4>"...)
		case bool:
			dst = append(append(append(dst, "<boolean>"...), map[bool]byte{false: '0', true: '1'}[a]), "</boolean>"...)
		case string:
			dst = append(appendEscaped(append(dst, "<string>"...), a), "</string>"...)
		default:
			panic(fmt.Sprintf("bench: a call with a %T", a))
		}
		dst = append(dst, "</value></param>"...)
	}
	return append(dst, "</params></methodCall>"...)
}

func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		switch s[i] {
		case '<':
			dst = append(dst, "&lt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		default:
			dst = append(dst, s[i])
		}
	}
	return dst
}
