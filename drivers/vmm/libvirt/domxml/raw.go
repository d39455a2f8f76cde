package domxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// qemuNamespace is declared for qemu:commandline in RAW.
const qemuNamespace = `<domain xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"`

// addRaw inserts RAW = [ TYPE = "kvm", DATA = … ] and the defaults' RAW verbatim before
// </domain>. Only administrators may set RAW.
func (b *build) addRaw(text string) (string, error) {
	raw := b.host().get("RAW")
	for _, a := range b.vm.Template.Vectors("RAW") {
		if kind := a.Get("TYPE"); strings.EqualFold(kind, KVM) || strings.EqualFold(kind, QEMU) {
			raw += a.Get("DATA")
		}
	}
	if raw == "" {
		return text, nil
	}
	text = strings.Replace(text, "<domain", qemuNamespace, 1)
	text = strings.TrimSuffix(text, "</domain>") + "  " + raw + "\n</domain>"
	if err := wellFormed(text); err != nil {
		return "", fmt.Errorf("VM %d: RAW/DATA is not XML that fits into a domain: %w", b.vm.ID, err)
	}
	return text, nil
}

func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && roots == 1 {
			return nil
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
		if roots > 1 {
			return errors.New("it closes the domain element")
		}
	}
}

// escape escapes text for an element.
func escape(text string) string {
	var s strings.Builder
	if err := xml.EscapeText(&s, []byte(text)); err != nil {
		return "" // a strings.Builder never fails
	}
	return s.String()
}
