package vmgroup_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
)

func TestMalformedChangesNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"NAME=a":                                 false,
		"NAME=a\nROLE=[NAME=b,POLICY=AFFINED]":   false,
		"NAME=a\nROLE=[NAME=b]\nAFFINED=\"b,c\"": true,
		"NAME=a\nROLE=[POLICY=AFFINED]":          true,
	} {
		tmpl, err := attr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		before := tmpl.Clone()
		if got := vmgroup.Malformed(tmpl); got != want {
			t.Errorf("%q: malformed is %v, want %v", text, got, want)
		}
		if !tmpl.Equal(before) {
			t.Errorf("%q was changed", text)
		}
	}
}
