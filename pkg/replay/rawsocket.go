package replay

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// sendRaw writes a recorded request, including headers, to a socket and reads one answer.
// Interim answers such as 100 Continue are skipped.
func (s sender) sendRaw(ctx context.Context, request string) (answer, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", s.endpoint.Host)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := conn.SetDeadline(time.Now().Add(s.client.Timeout)); err != nil {
		return answer{}, err
	}
	if _, err := conn.Write([]byte(wireForm(request))); err != nil {
		return answer{}, fmt.Errorf("writing to the socket: %w", err)
	}
	in := bufio.NewReader(conn)
	for {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return answer{}, fmt.Errorf("reading from the socket: %w", err)
		}
		if resp.StatusCode >= http.StatusOK {
			defer resp.Body.Close()
			return readAnswer(resp)
		}
	}
}

// endOfCall ends the body of a recorded call; its Content-Length or chunk size includes this
// line break.
const endOfCall = "</methodCall>\n"

// wireForm restores CRLF in HTTP's headers, which the recording has as LF, but not in the body.
func wireForm(request string) string {
	head, call, found := strings.Cut(request, "<?xml")
	if !found {
		return crlf(request)
	}
	call, tail, _ := strings.Cut("<?xml"+call, endOfCall)
	return crlf(head) + call + endOfCall + crlf(tail)
}

func crlf(lines string) string { return strings.ReplaceAll(lines, "\n", "\r\n") }
