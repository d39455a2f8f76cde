package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// Put writes content to path on h. The file is synced and then renamed; after an error path is
// unchanged.
func (r *Runner) Put(ctx context.Context, h drivers.Host, content io.Reader, path string) error {
	in := &counter{ctx: ctx, r: content}
	if h.Local {
		if _, err := sparsefile.Write(path, in); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		return nil
	}
	if err := r.putRemote(ctx, h, in, path); err != nil {
		r.Discard(ctx, h, path+sparsefile.Part)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// putRemote renames the file in a second command, after checking that all of it arrived: to the
// first command, a lost connection looks like the end of the file.
func (r *Runner) putRemote(ctx context.Context, h drivers.Host, in *counter, path string) error {
	const receive = `rm -f -- "$1"
dd of="$1" bs=1M iflag=fullblock conv=sparse,fsync status=none
stat -c %s -- "$1"`
	tmp := path + sparsefile.Part
	out, err := r.Run(ctx, h, Cmd{Args: []string{"sh", "-euc", receive, "sh", tmp}, Stdin: in})
	if err != nil {
		return err
	}
	if got := strings.TrimSpace(string(out)); got != strconv.FormatInt(in.n, 10) {
		return fmt.Errorf("%d bytes were sent and %s arrived", in.n, got)
	}
	_, err = r.Command(ctx, h, "mv", "-fT", "--", tmp, path)
	return err
}

// PutFile copies a local file to path on h.
func (r *Runner) PutFile(ctx context.Context, h drivers.Host, file, path string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.Put(ctx, h, f, path)
}

// Get writes the file path of h to w. When it fails, w has a part of it.
func (r *Runner) Get(ctx context.Context, h drivers.Host, path string, w io.Writer) error {
	_, err := r.Run(ctx, h, Cmd{Args: []string{"cat", "--", path}, Stdout: w})
	return err
}

// GetFile copies path on h to a local file.
func (r *Runner) GetFile(ctx context.Context, h drivers.Host, path, file string) error {
	return r.Pipe(ctx,
		func(ctx context.Context, w io.Writer) error { return r.Get(ctx, h, path, w) },
		func(ctx context.Context, in io.Reader) error {
			return r.Put(ctx, drivers.Host{Local: true}, in, file)
		})
}

// Pipe runs a sender and a receiver concurrently; if one fails, the other is cancelled.
func (r *Runner) Pipe(ctx context.Context,
	send func(context.Context, io.Writer) error, receive func(context.Context, io.Reader) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pr, pw := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		err := send(ctx, pw)
		pw.CloseWithError(err) // nil is the end of the stream
		sent <- err
	}()
	got := receive(ctx, pr)
	if got != nil {
		cancel()
	}
	pr.CloseWithError(errors.New("the receiver has stopped"))
	if err := <-sent; err != nil && got == nil {
		return err
	}
	return got
}

// Discard deletes a temporary file, even if ctx has ended. It reports no error, as the failure
// before it is reported, and the next call overwrites the file anyway.
func (r *Runner) Discard(ctx context.Context, h drivers.Host, path string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	_, _ = r.Command(ctx, h, "rm", "-rf", "--", path)
}

// counter counts what is read and stops with ctx.
type counter struct {
	ctx context.Context //nolint:containedctx // a Reader's Read takes none
	r   io.Reader
	n   int64
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
