package bench

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

// The empty handler answers as many bytes as requested, even more than its buffer has, and ends
// with its input.
func TestEmptyHandler(t *testing.T) {
	t.Parallel()
	in, hold := io.Pipe()
	told, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- ServeEmpty(in, out) }()
	address, err := bufio.NewReader(told).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	e := &Empty{url: "http://" + strings.TrimSpace(address)}
	for _, size := range []int64{20, 3000, 3 * blockOfFilling} {
		c, err := e.target(size).caller()
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.call("floor")
		if got != size || err != nil {
			t.Errorf("asked for %d bytes, got %d, %v", size, got, err)
		}
		c.close()
	}
	if err := hold.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the handler ended with %v", err)
	}
}
