package client

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// DefaultEndpoint is where a server of this machine listens.
const DefaultEndpoint = "http://localhost:2633/RPC2"

// Config says which server to call, as whom, and how patiently.
type Config struct {
	Endpoint string        // URL of the XML-RPC server; empty means DefaultEndpoint
	Auth     string        // session string, user:password or user:token
	Timeout  time.Duration // limit of one call; 0 leaves it to the context
	CAFile   string        // PEM file, or directory of them, trusted beside the system's roots

	// SkipVerify trusts any certificate. It is what ONE_DISABLE_SSL_VERIFY
	// asks of every OpenNebula tool, and as unsafe here as there.
	SkipVerify bool
}

// FromEnv reads the settings that OpenNebula's tools read: ONE_XMLRPC or
// ~/.one/one_endpoint, ONE_AUTH or ~/.one/one_auth, ONE_XMLRPC_TIMEOUT in
// seconds, ONE_CERT_DIR and ONE_DISABLE_SSL_VERIFY.
func FromEnv() (Config, error) {
	cfg, err := EndpointFromEnv()
	if err != nil {
		return cfg, err
	}
	cfg.Auth, err = authFromEnv()
	return cfg, err
}

// EndpointFromEnv is FromEnv without the credentials, for a caller that has
// them from elsewhere.
func EndpointFromEnv() (Config, error) {
	timeout, err := timeoutFromEnv()
	return Config{
		Endpoint:   endpointFromEnv(),
		Timeout:    timeout,
		CAFile:     os.Getenv("ONE_CERT_DIR"),
		SkipVerify: os.Getenv("ONE_DISABLE_SSL_VERIFY") != "",
	}, err
}

func endpointFromEnv() string {
	if endpoint := strings.TrimSpace(os.Getenv("ONE_XMLRPC")); endpoint != "" {
		return endpoint
	}
	for _, file := range homeFiles("one_endpoint") {
		if text, err := os.ReadFile(file); err == nil && len(strings.TrimSpace(string(text))) > 0 {
			return strings.TrimSpace(string(text))
		}
	}
	return DefaultEndpoint
}

func timeoutFromEnv() (time.Duration, error) {
	text := os.Getenv("ONE_XMLRPC_TIMEOUT")
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 {
		return 0, fmt.Errorf("ONE_XMLRPC_TIMEOUT is %q; give a number of seconds", text)
	}
	return time.Duration(seconds) * time.Second, nil
}

// authFromEnv reads the first credentials file that exists. As in OpenNebula's
// tools, an ONE_AUTH that names no file is passed over.
func authFromEnv() (string, error) {
	files := homeFiles("one_auth")
	if file := os.Getenv("ONE_AUTH"); file != "" {
		files = append([]string{file}, files...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("reading credentials: %w", err)
		}
		return checkAuth(strings.TrimSpace(string(text)), file)
	}
	return "", fmt.Errorf("ONE_AUTH file not present: write user:password into one of %s, or name another in ONE_AUTH",
		strings.Join(files, ", "))
}

func checkAuth(auth, file string) (string, error) {
	if user, _, ok := strings.Cut(auth, ":"); !ok || user == "" {
		return "", fmt.Errorf("credentials in %s do not read user:password", file)
	}
	return auth, nil
}

// homeFiles lists where OpenNebula keeps a client's file: in the user's home,
// then in that of oneadmin.
func homeFiles(name string) []string {
	var files []string
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".one", name))
	}
	return append(files, filepath.Join("/var/lib/one/.one", name))
}
