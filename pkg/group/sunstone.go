package group

import "github.com/renkei-vpe/renkei/pkg/attr"

// sunstone is the SUNSTONE attribute of the predefined group users.
var sunstone = []attr.Pair{
	{Key: "DEFAULT_VIEW", Value: "cloud"},
	{Key: "GROUP_ADMIN_DEFAULT_VIEW", Value: "groupadmin"},
	{Key: "GROUP_ADMIN_VIEWS", Value: "groupadmin,cloud"},
	{Key: "VIEWS", Value: "cloud"},
}
