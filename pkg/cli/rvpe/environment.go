package rvpe

import (
	"crypto/sha1" // sessions of RENKEI-VPE contain it
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/client"
)

const (
	defaultEndpoint = "http://localhost:3111/"
	defaultTimeout  = 30 * time.Second
)

// fromEnv reads the environment variables of RENKEI-VPE's commands: ONE_AUTH, RVPE_XMLRPC and
// RVPE_RPC_TIMEOUT.
func fromEnv() (client.Config, error) {
	auth, err := authFromEnv()
	if err != nil {
		return client.Config{}, err
	}
	endpoint, err := endpointFromEnv()
	if err != nil {
		return client.Config{}, err
	}
	timeout, err := timeoutFromEnv()
	return client.Config{Endpoint: endpoint, Auth: auth, Timeout: timeout}, err
}

// endpointFromEnv answers the server's URL, with Ruby's default path.
func endpointFromEnv() (string, error) {
	endpoint := os.Getenv("RVPE_XMLRPC")
	if endpoint == "" {
		return defaultEndpoint, nil
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return "", err
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("Wrong protocol specified. Only http or https allowed!")
	case u.Path == "":
		u.Path = "/RPC2"
	}
	return u.String(), nil
}

var digits = regexp.MustCompile(`^[0-9]+$`)

func timeoutFromEnv() (time.Duration, error) {
	text := strings.TrimSpace(os.Getenv("RVPE_RPC_TIMEOUT"))
	if text == "" {
		return defaultTimeout, nil
	}
	if !digits.MatchString(text) {
		return 0, errors.New("RVPE_RPC_TIMEOUT should be an integer bigger than 0.")
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds == 0 {
		return 0, errors.New("RVPE_RPC_TIMEOUT should be bigger than 0.")
	}
	return time.Duration(seconds) * time.Second, nil
}

// authFromEnv answers the session of the credentials file.
func authFromEnv() (string, error) {
	for _, file := range []string{os.Getenv("ONE_AUTH"), filepath.Join(os.Getenv("HOME"), ".rvpe_env", "one_auth")} {
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		return sessionOf(string(text))
	}
	return "", errors.New("Authentication file is not present")
}

// credentials is the first line with user:password.
var credentials = regexp.MustCompile(`(?m)^(.+?):(.+)$`)

// sessionOf converts user:password to user:SHA-1. A secret after plain: is not hashed.
func sessionOf(text string) (string, error) {
	m := credentials.FindStringSubmatch(text)
	if m == nil {
		return "", errors.New("Authorization file malformed")
	}
	user, password := m[1], m[2]
	if strings.HasPrefix(password, "plain:") {
		return user + ":" + password[strings.LastIndexByte(password, ':')+1:], nil
	}
	return user + ":" + sha1Hex(password), nil
}

func sha1Hex(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}
