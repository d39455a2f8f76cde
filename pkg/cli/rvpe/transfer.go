package rvpe

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
)

// transfer is a file that is uploaded or downloaded in chunks.
type transfer struct {
	session string
	size    int64
	chunk   int64
}

// begin opens a session. The server answers its chunk size, and for downloads, the size of the
// file.
func (s *session) begin(way, file string, size int64) (t transfer, err error) {
	doc, err := s.document("transfer.init", way, file, size)
	if err != nil {
		return t, err
	}
	t = transfer{session: doc.get("NAME"), size: int64(doc.int("SIZE")), chunk: int64(doc.int("CHUNK_SIZE"))}
	if t.chunk <= 0 || t.size < 0 {
		return t, fmt.Errorf("the server's answer makes no sense: chunks of %d bytes, a file of %d", t.chunk, t.size)
	}
	return t, nil
}

// giveUp ends a session after an error, which it returns.
func (s *session) giveUp(t transfer, why error) error {
	_, _ = s.call("transfer.cancel", t.session)
	return why
}

// send uploads a file and answers the session.
func (s *session) send(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", failf("File[%s] does not exist.", path)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	t, err := s.begin("put", path, info.Size())
	if err != nil {
		return "", err
	}
	if err := s.sendChunks(t, f); err != nil {
		return "", s.giveUp(t, err)
	}
	_, err = s.call("transfer.finalize", t.session)
	return t.session, err
}

func (s *session) sendChunks(t transfer, f io.Reader) error {
	bar := s.progress(t.size)
	defer bar.end()
	chunk := make([]byte, t.chunk)
	for {
		n, err := io.ReadFull(f, chunk)
		if err == io.EOF {
			return nil
		}
		if err != nil && err != io.ErrUnexpectedEOF {
			return err
		}
		if _, err := s.call("transfer.put", t.session, base64.StdEncoding.EncodeToString(chunk[:n])); err != nil {
			return err
		}
		bar.add(n)
	}
}

// fetch downloads a file into a new one, which is deleted after an error.
func (s *session) fetch(from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return failf("File[%s] exists.", to)
	}
	t, err := s.begin("get", from, -1)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return s.giveUp(t, err)
	}
	if err := errors.Join(s.fetchChunks(t, f), f.Close()); err != nil {
		return s.giveUp(t, errors.Join(err, os.Remove(to)))
	}
	_, err = s.call("transfer.finalize", t.session)
	return err
}

func (s *session) fetchChunks(t transfer, f io.Writer) error {
	bar := s.progress(t.size)
	defer bar.end()
	for offset := int64(0); offset < t.size; {
		answer, err := s.call("transfer.get", t.session, offset)
		if err != nil {
			return err
		}
		chunk, err := base64.StdEncoding.DecodeString(answer.Text)
		if err != nil {
			return fmt.Errorf("the server's answer is not base64: %w", err)
		}
		if len(chunk) == 0 {
			return fmt.Errorf("the file ended at %d bytes of %d", offset, t.size)
		}
		if _, err := f.Write(chunk); err != nil {
			return err
		}
		offset += int64(len(chunk))
		bar.add(len(chunk))
	}
	return nil
}
