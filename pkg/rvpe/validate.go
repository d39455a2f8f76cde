package rvpe

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
)

// ValidateAttributes checks the output of `qemu-img info` for an image. Missing lines are not
// checked.
func ValidateAttributes(s Settings, text string) error {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		value, _, _ = strings.Cut(value, ":")
		var err error
		switch strings.TrimSpace(key) {
		case "file format":
			err = s.checkFormat(strings.TrimSpace(value))
		case "virtual size":
			err = s.checkSizeText(value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s Settings) checkFormat(format string) error {
	if format != "qcow2" {
		return refuse("Image should be formatted in qcow2. '%s' can't be used.", format)
	}
	return nil
}

// bytesIn matches the number of bytes in "10G (10737418240 bytes)".
var bytesIn = regexp.MustCompile(`\((\d+).*\)`)

func (s Settings) checkSizeText(text string) error {
	found := bytesIn.FindStringSubmatch(text)
	if found == nil {
		return refuse("Virtual size can't be recognized.")
	}
	n, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return s.tooLarge()
	}
	return s.checkSize(n)
}

func (s Settings) checkSize(bytes int64) error {
	if bytes < 0 || bytes > int64(s.MaxVirtualGiB)<<30 {
		return s.tooLarge()
	}
	return nil
}

func (s Settings) tooLarge() error {
	return refuse("Virtual size of an image should be smaller than %dGB.", s.MaxVirtualGiB)
}

// HeadBytes is how many bytes at the beginning of a file ValidateFile needs.
const HeadBytes = 104

// The header of qcow2 (docs/interop/qcow2.txt of QEMU).
const (
	qcow2Magic       = "QFI\xfb"
	externalDataFile = 1 << 2 // bit of the incompatible features
)

// ValidateFile checks the beginning of an uploaded file. An image with a backing file or an
// external data file is refused: it would show its users that file of the server.
func ValidateFile(s Settings, head []byte) error {
	if len(head) < HeadBytes || string(head[:4]) != qcow2Magic {
		return s.checkFormat("raw")
	}
	version := binary.BigEndian.Uint32(head[4:])
	if version != 2 && version != 3 {
		return s.checkFormat("qcow" + strconv.Itoa(int(version)))
	}
	backed := binary.BigEndian.Uint64(head[8:]) != 0
	external := version == 3 && binary.BigEndian.Uint64(head[72:])&externalDataFile != 0
	if backed || external {
		return refuse("Image should have all of its data in one file: convert it with qemu-img convert.")
	}
	size := binary.BigEndian.Uint64(head[24:])
	if size > 1<<62 {
		return s.tooLarge()
	}
	return s.checkSize(int64(size))
}
