package user

// The authentication drivers that are built in.
const (
	DriverCore         = "core"
	DriverPublic       = "public" // nobody logs in with it by himself; servers act for such users
	DriverServerCipher = "server_cipher"
)

// driver is how oned is set up to treat users of an authentication driver
// (AUTH_MAD_CONF in oned.conf, and User.cc for the lengths).
type driver struct {
	ownPassword bool // users may change their password
	noPassword  bool // users need none
	maxPassword int  // bytes; 0 is no limit
}

// drivers are those that OpenNebula knows. Only the built-in ones let anybody in
// here; users of the others can be kept, and log in with tokens.
var drivers = map[string]driver{
	DriverCore:         {ownPassword: true, maxPassword: 256},
	DriverPublic:       {},
	DriverServerCipher: {maxPassword: 4096},
	"ssh":              {ownPassword: true, maxPassword: 16 << 10},
	"x509":             {maxPassword: 64 << 10},
	"ldap":             {ownPassword: true, noPassword: true, maxPassword: 256},
	"saml":             {ownPassword: true, noPassword: true, maxPassword: 12 << 10},
	"server_x509":      {maxPassword: 64 << 10},
	"sunstone":         {maxPassword: 256},
}

// MayChangePassword tells whether users of a driver change their own passwords.
func MayChangePassword(name string) bool { return drivers[name].ownPassword }
