package qemuimg

import (
	"context"
	"encoding/json"
	"fmt"
)

// Bitmaps lists the dirty bitmaps of a qcow2 image that is not in use: each records what was
// written since it was added.
func (t Tool) Bitmaps(ctx context.Context, path string) ([]string, error) {
	out, err := t.qemuImg(ctx, "info", "--output=json", "-U", "-f", Qcow2, path)
	if err != nil {
		return nil, err
	}
	var info struct {
		Specific struct {
			Data struct {
				Bitmaps []struct {
					Name string `json:"name"`
				} `json:"bitmaps"`
			} `json:"data"`
		} `json:"format-specific"`
	}
	if err := json.Unmarshal(out, &info); err != nil {
		return nil, fmt.Errorf("reading what qemu-img says of %s: %w", path, err)
	}
	var names []string
	for _, b := range info.Specific.Data.Bitmaps {
		names = append(names, b.Name)
	}
	return names, nil
}

// AddBitmap begins to record what is written to an image.
func (t Tool) AddBitmap(ctx context.Context, path, name string) error {
	_, err := t.qemuImg(ctx, "bitmap", "--add", "-f", Qcow2, path, name)
	return err
}

// RemoveBitmap removes a bitmap.
func (t Tool) RemoveBitmap(ctx context.Context, path, name string) error {
	_, err := t.qemuImg(ctx, "bitmap", "--remove", "-f", Qcow2, path, name)
	return err
}

// CreateSized makes an empty qcow2 image of a size in bytes.
func (t Tool) CreateSized(ctx context.Context, path string, bytes int64) error {
	_, err := t.qemuImg(ctx, "create", "-q", "-f", Qcow2, path, fmt.Sprint(bytes))
	return err
}
