package acl

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// kinds are those that a rule can name, in the order in which it names them.
var kinds = []one.Kind{
	one.KindVM, one.KindHost, one.KindNet, one.KindImage, one.KindUser, one.KindTemplate, one.KindGroup,
	one.KindDatastore, one.KindCluster, one.KindDocument, one.KindZone, one.KindSecGroup, one.KindVDC,
	one.KindVRouter, one.KindMarketPlace, one.KindMarketPlaceApp, one.KindVMGroup, one.KindVNTemplate,
	one.KindBackupJob,
}

// String writes a rule as people do: "@100 HOST/* USE+MANAGE #0". A selector that a part
// cannot have is as if there were none.
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

// who writes the low half of a part.
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

// ParsePart reads a part of a rule, a number in hexadecimal, as the original's streams
// do: there may be a sign and a 0x before it, what follows it is not looked at, what is
// too large is the largest there is, and what is no number is 0, which no part of a good
// rule is.
func ParsePart(text string) uint64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	sign := text[:min(len(text), 1)]
	if sign != "-" && sign != "+" {
		sign = ""
	}
	n, _ := strconv.ParseInt(sign+hexDigits(text[len(sign):]), 16, 64)
	return uint64(n)
}

// hexDigits answers the digits that a text begins with.
func hexDigits(text string) string {
	if len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x' {
		text = text[2:]
	}
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789abcdefABCDEF"))]
}
