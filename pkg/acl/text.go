package acl

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// kinds are the kinds that a rule can name, in oned's order.
var kinds = []one.Kind{
	one.KindVM, one.KindHost, one.KindNet, one.KindImage, one.KindUser, one.KindTemplate, one.KindGroup,
	one.KindDatastore, one.KindCluster, one.KindDocument, one.KindZone, one.KindSecGroup, one.KindVDC,
	one.KindVRouter, one.KindMarketPlace, one.KindMarketPlaceApp, one.KindVMGroup, one.KindVNTemplate,
	one.KindBackupJob,
}

// String writes a rule like "@100 HOST/* USE+MANAGE #0". Invalid qualifiers are left out.
func (r *Rule) String() string {
	var names []string
	for _, k := range kinds {
		if r.Resource&uint64(k) != 0 {
			names = append(names, k.String())
		}
	}
	return who(r.User&^ClusterOf) + " " + strings.Join(names, "+") + "/" + who(r.Resource) + " " +
		one.Right(r.Rights&allRights).String() + " " + who(r.Zone&^(GroupOf|ClusterOf))
}

const allRights = 0xf

// who writes the qualifier and ID of a part.
func who(part uint64) string {
	id := strconv.Itoa(int(int32(part)))
	switch {
	case part&GroupOf != 0:
		return "@" + id
	case part&Individual != 0:
		return "#" + id
	case part&ClusterOf != 0:
		return "%" + id
	case part&All != 0:
		return "*"
	}
	return "??"
}

// ParsePart parses a hexadecimal part of a rule, like the C++ streams of oned: a sign and 0x
// are allowed, what follows the number is ignored, and values that are too large become the
// largest possible one. Anything else is 0, which no valid rule has.
func ParsePart(text string) uint64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	sign := text[:min(len(text), 1)]
	if sign != "-" && sign != "+" {
		sign = ""
	}
	n, _ := strconv.ParseInt(sign+hexDigits(text[len(sign):]), 16, 64)
	return uint64(n)
}

// hexDigits returns the hexadecimal digits at the start of a text.
func hexDigits(text string) string {
	if len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x' {
		text = text[2:]
	}
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789abcdefABCDEF"))]
}
