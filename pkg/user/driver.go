package user

import (
	"slices"
	"strings"
)

// The built-in authentication drivers.
const (
	DriverCore         = "core"
	DriverPublic       = "public" // users cannot log in; servers act for them
	DriverServerCipher = "server_cipher"
)

// Driver has the properties of an authentication driver (AUTH_MAD_CONF in oned.conf).
type Driver struct {
	OwnPassword bool // users may change their password
	NoPassword  bool // users can be made without a password
	Groups      bool // the driver alone decides, at each login, which groups a user is in
	GroupAdmins bool // and of which groups the user is an administrator
	MaxToken    int  // maximum validity of login tokens in seconds; 0 for no limit, below 0 for no tokens
}

// Drivers has the authentication drivers by name. One that is not in it has the properties of
// the zero Driver.
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

// isProgram reports whether a driver is an external program. Drivers for server users never
// are, because a program could not check that the session is for the user that the server acts
// for.
func isProgram(driver string) bool {
	return driver != DriverCore && driver != DriverPublic && !strings.HasPrefix(driver, "server")
}

// maxPassword is the maximum length of passwords in bytes (User.cc).
var maxPassword = map[string]int{
	DriverCore: 256, DriverServerCipher: 4096, "ssh": 16 << 10, "x509": 64 << 10, "ldap": 256,
	"saml": 12 << 10, "server_x509": 64 << 10, "sunstone": 256,
}
