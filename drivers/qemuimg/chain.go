package qemuimg

import (
	"context"
	"encoding/json"
)

// node is a block device as qemu is told of it.
type node struct {
	Driver  string `json:"driver"`
	File    file   `json:"file"`
	Backing *node  `json:"backing"` // null: none, whatever the image says
}

type file struct {
	Driver   string `json:"driver"`
	Filename string `json:"filename"`
}

// Flatten writes what a chain of qcow2 images shows, the full one first, into
// the qcow2 image to, which stands alone. What the images themselves say of
// what is below them does not matter.
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
