package user

import (
	"slices"
	"strings"
)

// The authentication drivers that are built in.
const (
	DriverCore         = "core"
	DriverPublic       = "public" // nobody logs in with it by himself; servers act for such users
	DriverServerCipher = "server_cipher"
)

// Driver is how users of an authentication driver are treated (AUTH_MAD_CONF in
// oned.conf).
type Driver struct {
	OwnPassword bool // users may change their password
	NoPassword  bool // users need none to be made
	Groups      bool // the driver says at each login which groups a user is in, nobody else
	GroupAdmins bool // and which of them he administers
	MaxToken    int  // seconds that a login token may last at the most; 0 any time, below 0 there are none
}

// Drivers are drivers by their names. Of one that is not there everything is as the
// zero Driver has it.
type Drivers map[string]Driver

// DefaultDrivers are those of oned.conf.
func DefaultDrivers() Drivers {
	directory := Driver{OwnPassword: true, NoPassword: true, Groups: true, GroupAdmins: true, MaxToken: 86400}
	return Drivers{
		DriverCore: {OwnPassword: true}, DriverPublic: {}, DriverServerCipher: {}, "server_x509": {},
		"ssh": {OwnPassword: true}, "x509": {}, "ldap": directory, "saml": directory,
	}
}

// Names lists the drivers, in order.
func (d Drivers) Names() (names []string) {
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// isProgram tells whether a driver is a program beside this one. Servers have no such:
// nothing would bind their sessions to the user that they act for.
func isProgram(driver string) bool {
	return driver != DriverCore && driver != DriverPublic && !strings.HasPrefix(driver, "server")
}

// maxPassword is how many bytes a password of a driver may have (User.cc).
var maxPassword = map[string]int{
	DriverCore: 256, DriverServerCipher: 4096, "ssh": 16 << 10, "x509": 64 << 10, "ldap": 256,
	"saml": 12 << 10, "server_x509": 64 << 10, "sunstone": 256,
}
