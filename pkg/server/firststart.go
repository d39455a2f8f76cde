package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// firstStart initializes an empty store. The password of oneadmin is read from the auth file;
// if there is none, one with a random password is written.
func (s *Server) firstStart(stores datastore.Settings) error {
	if setup.Done(s.store.Read()) {
		return nil
	}
	name, password, err := adminSecret(s.authFile())
	if err != nil {
		return err
	}
	first := setup.First{Endpoint: zoneEndpoint(s.config), Datastores: stores}
	first.Users.Oneadmin = name
	if first.Users.Secret, err = user.Secret(user.DriverCore, password, s.config.Auth.HashCost); err != nil {
		return fmt.Errorf("hashing the password of %s: %w", name, err)
	}
	server, err := s.serverSecret()
	if err != nil {
		return err
	}
	first.Users.Serveradmin = user.ServerKey(server)
	return s.store.Update(context.Background(), func(tx *store.Tx) error { return setup.Run(tx, first) })
}

// zoneEndpoint is the ENDPOINT of zone 0: as in oned, with localhost if the server listens on
// the loopback or on all addresses.
func zoneEndpoint(c config.Config) string {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil { // opening the listener reports the error
		return "http://" + c.Listen + c.Path
	}
	if ip := net.ParseIP(host); host == "" || ip.IsLoopback() || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + c.Path
}

// countFurther configures the generic quotas of the settings. If these have changed, all usage
// is recounted.
func (s *Server) countFurther() error {
	names := s.config.Quotas.VMAttribute
	if err := quota.CheckFurther(names); err != nil {
		return fmt.Errorf("quotas.vm_attribute: %w", err)
	}
	if slices.Equal(quota.Further(s.store.Read()), names) {
		return nil
	}
	return s.store.Update(context.Background(), func(tx *store.Tx) error { vm.CountFurther(tx, names); return nil })
}

// joinAdmin makes the administrator a member of RENKEI-VPE, if he is not one yet.
func (s *Server) joinAdmin() error {
	if rvpe.Ready(s.store.Read()) {
		return nil
	}
	return s.store.Update(context.Background(), func(tx *store.Tx) error { rvpe.Setup(tx); return nil })
}

// authFile is the file with oneadmin's credentials, which the commands read.
func (s *Server) authFile() string {
	if path := os.Getenv("ONE_AUTH"); path != "" {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(s.config.Data, "one_auth")
	}
	return filepath.Join(home, ".one", "one_auth")
}

// adminSecret reads "name:password" from the auth file, or writes one with a
// random password.
func adminSecret(path string) (name, password string, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		password = random()
		return "oneadmin", password, writeSecret(path, "oneadmin:"+password)
	}
	if err != nil {
		return "", "", fmt.Errorf("reading the auth file: %w", err)
	}
	name, password, ok := strings.Cut(strings.TrimSpace(string(text)), ":")
	if !ok {
		return "", "", fmt.Errorf("%s: it must hold user:password on one line", path)
	}
	if err := user.CheckNew(name, user.DriverCore, password); err != nil {
		return "", "", fmt.Errorf("%s: %w", path, err)
	}
	return name, password, nil
}

// serverSecret is the password of serveradmin, which other servers (Sunstone, OneFlow) use to
// act for users: it is stored in a file below the data folder, where oned's tools expect it.
func (s *Server) serverSecret() (string, error) {
	password := random()
	return password, writeSecret(filepath.Join(s.config.Data, ".one", "sunstone_auth"), "serveradmin:"+password)
}

// writeSecret writes a file that only its owner can read.
func writeSecret(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder of the auth file: %w", err)
	}
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		return fmt.Errorf("writing the auth file: %w", err)
	}
	return nil
}

func random() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(b[:])
}
