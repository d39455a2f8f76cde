package contextcd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
)

// Places in a volume descriptor and in a directory record (ECMA-119, 8.4 and
// 9.1) and in a Rock Ridge entry (SUSP 5, RRIP 4.1.6).
const (
	firstDescriptor  = 16 // sector
	descriptorEnd    = 255
	volumeSizeAt     = 80
	rootRecordAt     = 156
	datesAt          = 813
	decimalDateBytes = 17
	extentAt         = 2
	lengthAt         = 10
	nameBytesAt      = 32
	nameAt           = 33
)

// finish overwrites the times that the library writes into an image, and truncates the file to
// the image's length.
func finish(f *os.File) error {
	sector := make([]byte, blockBytes)
	blocks := uint32(0)
	for at := int64(firstDescriptor * blockBytes); ; at += blockBytes {
		if _, err := f.ReadAt(sector, at); err != nil {
			return fmt.Errorf("reading back the image: %w", err)
		}
		if sector[0] == descriptorEnd {
			return f.Truncate(int64(blocks) * blockBytes)
		}
		blocks = binary.LittleEndian.Uint32(sector[volumeSizeAt:])
		if err := undateFolder(f, sector[rootRecordAt:]); err != nil {
			return err
		}
		dates := sector[datesAt : datesAt+4*decimalDateBytes]
		copy(dates, undated())
		if _, err := f.WriteAt(dates, at+datesAt); err != nil {
			return err
		}
	}
}

// undated answers the four dates of a volume: created and modified at epoch, no expiration,
// effective at once.
func undated() []byte {
	made := append([]byte(epoch.Format("20060102150405")+"00"), 0)
	never := append(bytes.Repeat([]byte{'0'}, decimalDateBytes-1), 0)
	return bytes.Join([][]byte{made, made, never, never}, nil)
}

// undateFolder sets the Rock Ridge timestamps of a folder's records to epoch.
func undateFolder(f *os.File, record []byte) error {
	at := int64(binary.LittleEndian.Uint32(record[extentAt:])) * blockBytes
	folder := make([]byte, binary.LittleEndian.Uint32(record[lengthAt:]))
	if _, err := f.ReadAt(folder, at); err != nil {
		return fmt.Errorf("reading back the image's folder: %w", err)
	}
	for start := 0; start < len(folder); {
		length := int(folder[start])
		if length == 0 { // records do not cross sectors: on to the next one
			start += blockBytes - start%blockBytes
			continue
		}
		undateRecord(folder[start : start+length])
		start += length
	}
	_, err := f.WriteAt(folder, at)
	return err
}

func undateRecord(record []byte) {
	const stamp = 7
	made := []byte{byte(epoch.Year() - 1900), byte(epoch.Month()), byte(epoch.Day()), 0, 0, 0, 0}
	name := nameAt + int(record[nameBytesAt])
	for entry := record[min(name+name%2, len(record)):]; len(entry) >= 4 && entry[2] >= 4; entry = entry[entry[2]:] {
		if int(entry[2]) > len(entry) {
			return
		}
		if string(entry[:2]) != "TF" {
			continue
		}
		for at := 5; at+stamp <= int(entry[2]); at += stamp {
			copy(entry[at:], made)
		}
	}
}
