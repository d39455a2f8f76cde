package rvpe

import (
	"fmt"
	"os"
	"path/filepath"
)

// imageExport downloads an image and its definition, so that import can read them.
func imageExport(s *session, args []string) error {
	name, folder := args[0], args[1]
	if _, err := os.Stat(folder); err == nil {
		return fmt.Errorf("File[%s] exists.", folder)
	}
	id, err := s.imageID(name)
	if err != nil {
		return err
	}
	img, err := s.document("image.info", id)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "attr.txt"), []byte(definitionOf(img)), 0o666); err != nil {
		return err
	}
	if err := s.fetch(img.get("SOURCE"), filepath.Join(folder, "disk.img")); err != nil {
		return err
	}
	s.say("Image[%s] is exported to Directory[%s].", name, folder)
	return nil
}

func definitionOf(img *node) string {
	return fmt.Sprintf("name:        %s\ndescription: %s\npublic:      NO\nio_bus:      %s\nnic_model:   %s\npath:        ./disk.img\n",
		img.label(), img.fromTemplate("DESCRIPTION"), img.fromTemplate("BUS"), img.fromTemplate("NIC_MODEL"))
}
