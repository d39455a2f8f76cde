package server

import (
	"context"
	"io"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/authrun"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// authDrivers are the drivers of oned.conf, with changes from the settings.
func authDrivers(c config.Config) user.Drivers {
	list := user.DefaultDrivers()
	for _, d := range c.Auth.Drivers {
		list[d.Name] = user.Driver{
			OwnPassword: d.PasswordChange, NoPassword: d.NoPassword, Groups: d.Groups, GroupAdmins: d.GroupAdmins, MaxToken: d.MaxTokenTime,
		}
	}
	return list
}

// authConf is a driver in the form of oned.conf.
func authConf(name string, d user.Driver) attr.Attr {
	yes := map[bool]string{true: "YES", false: "NO"}
	tokens := map[bool]int{true: 0, false: d.MaxToken}[d.MaxToken < 0]
	if d.MaxToken == 0 {
		tokens = -1
	}
	return attr.NewVector("AUTH_MAD_CONF",
		attr.Pair{Key: "NAME", Value: name},
		attr.Pair{Key: "PASSWORD_CHANGE", Value: yes[d.OwnPassword]},
		attr.Pair{Key: "PASSWORD_REQUIRED", Value: yes[!d.NoPassword]},
		attr.Pair{Key: "DRIVER_MANAGED_GROUPS", Value: yes[d.Groups]},
		attr.Pair{Key: "DRIVER_MANAGED_GROUP_ADMIN", Value: yes[d.GroupAdmins]},
		attr.Pair{Key: "MAX_TOKEN_TIME", Value: strconv.Itoa(tokens)},
	)
}

// asker runs external authentication drivers on this machine.
func (s *Server) asker() user.Asker {
	c := s.config.Auth
	return &authrun.Driver{
		Dir: s.folder(c.Dir, "remotes", "auth"), Names: c.Authn, Timeout: c.Timeout,
		Execute: func(ctx context.Context, args []string, stdin io.Reader) ([]byte, error) {
			return s.drivers.runner.Run(ctx, drivers.Host{Local: true}, remote.Cmd{Args: args, Stdin: stdin})
		},
	}
}
