package qemuimg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/renkei-vpe/renkei/drivers/remote"
)

// CopyDirty copies the blocks of the qcow2 image path that are dirty in a bitmap to the qcow2
// image to, which exists and is empty. The bitmap stays as it is. qemu-img cannot do this, so
// qemu-storage-daemon does.
func (t Tool) CopyDirty(ctx context.Context, path, bitmap, to string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	fromUs, ours := io.Pipe()
	theirs, fromIt := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := t.Runner.Run(ctx, t.Host, remote.Cmd{Args: daemon(path, to), Stdin: fromUs, Stdout: fromIt})
		fromIt.CloseWithError(errors.Join(io.EOF, err))
		fromUs.CloseWithError(io.ErrClosedPipe)
		ended <- err
	}()
	err := (&dialogue{in: bufio.NewScanner(theirs), out: ours}).copy(bitmap)
	if err != nil {
		cancel()
	}
	ours.Close()
	if end := <-ended; err == nil || errors.Is(err, io.EOF) {
		err = end
	}
	return err
}

// daemon is the command line of a qemu-storage-daemon with both images, and QMP on its standard
// streams.
func daemon(from, to string) []string {
	device := func(name, path string, readOnly bool) string {
		spec, _ := json.Marshal(map[string]any{ // strings: cannot fail
			"driver": Qcow2, "node-name": name, "read-only": readOnly, "file": file{"file", path},
		})
		return string(spec)
	}
	return []string{
		"qemu-storage-daemon", "--chardev", "stdio,id=qmp", "--monitor", "chardev=qmp",
		"--blockdev", device("from", from, true), "--blockdev", device("to", to, false),
	}
}

// dialogue is a QMP session. Events of a job may come before the answer to the command that
// started it.
type dialogue struct {
	in    *bufio.Scanner
	out   io.Writer
	ended *heard // the event of the job's end
}

// copy copies the dirty blocks and ends the daemon.
func (d *dialogue) copy(bitmap string) error {
	if err := d.say("qmp_capabilities", nil); err != nil {
		return err
	}
	job := map[string]any{
		"job-id": "copy", "device": "from", "target": "to", "sync": "bitmap", "bitmap": bitmap, "bitmap-mode": "never",
	}
	if err := d.say("blockdev-backup", job); err != nil {
		return err
	}
	if err := d.untilDone(); err != nil {
		return err
	}
	return d.say("quit", nil)
}

// heard is a message of QMP.
type heard struct {
	Return json.RawMessage `json:"return"`
	Error  *struct {
		Desc string `json:"desc"`
	} `json:"error"`
	Event string `json:"event"`
	Data  struct {
		Error string `json:"error"`
	} `json:"data"`
}

// say sends a command and waits for its answer.
func (d *dialogue) say(command string, args any) error {
	line, err := json.Marshal(struct {
		Execute   string `json:"execute"`
		Arguments any    `json:"arguments,omitempty"`
	}{command, args})
	if err != nil {
		return err
	}
	if _, err := d.out.Write(append(line, '\n')); err != nil {
		return err
	}
	for {
		if h, err := d.hear(); err != nil || h.Return != nil {
			return err
		}
	}
}

// untilDone waits for the end of the job.
func (d *dialogue) untilDone() error {
	for d.ended == nil {
		if _, err := d.hear(); err != nil {
			return err
		}
	}
	switch {
	case d.ended.Event == "BLOCK_JOB_CANCELLED":
		return errors.New("the copy was called off")
	case d.ended.Data.Error != "":
		return errors.New(d.ended.Data.Error)
	}
	return nil
}

// hear reads the next message.
func (d *dialogue) hear() (h heard, err error) {
	if !d.in.Scan() {
		return h, errors.Join(io.EOF, d.in.Err())
	}
	if err := json.Unmarshal(d.in.Bytes(), &h); err != nil {
		return h, fmt.Errorf("the storage daemon said %q: %w", d.in.Text(), err)
	}
	if h.Error != nil {
		return h, errors.New(h.Error.Desc)
	}
	if h.Event == "BLOCK_JOB_COMPLETED" || h.Event == "BLOCK_JOB_CANCELLED" {
		d.ended = &h
	}
	return h, nil
}
