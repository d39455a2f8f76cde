package qemuimg

import (
	"context"
	"encoding/json"
)

// node is a block device in QEMU's JSON format.
type node struct {
	Driver  string `json:"driver"`
	File    file   `json:"file"`
	Backing *node  `json:"backing"` // null overrides the image's own backing file
}

type file struct {
	Driver   string `json:"driver"`
	Filename string `json:"filename"`
}

// Flatten merges a chain of qcow2 images, the full one first, into the qcow2 image to, which
// has no backing file. The backing files that the images name are ignored.
func (t Tool) Flatten(ctx context.Context, chain []string, to string) error {
	var top *node
	for _, path := range chain {
		top = &node{Driver: Qcow2, File: file{"file", path}, Backing: top}
	}
	spec, err := json.Marshal(top)
	if err != nil {
		return err
	}
	_, err = t.qemuImg(ctx, "convert", "-q", "-O", Qcow2, "json:"+string(spec), to)
	return err
}
