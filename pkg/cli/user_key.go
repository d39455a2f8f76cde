package cli

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
)

// userKeyVerb prints the public part of a key, which is the password of users with the driver
// ssh.
func userKeyVerb() verb {
	return verb{
		name: "key", short: "Show the public key of a private one, as a password for the ssh driver",
		flags: func(f *pflag.FlagSet) { f.StringP("key", "k", "", "file of the private key (default ~/.ssh/id_rsa)") },
		run: func(s *session, in *input) error {
			path := in.text("key")
			if path == "" {
				home, err := os.UserHomeDir()
				if err != nil {
					return err
				}
				path = filepath.Join(home, ".ssh", "id_rsa")
			}
			key, err := sshPassword(path)
			if err == nil {
				fmt.Fprintln(s.out, key)
			}
			return err
		},
	}
}

// sshPassword is the public key in DER and base64, on one line.
func sshPassword(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", sayf("Cannot read %s\n %w", path, err)
	}
	private, err := privateKey(text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	return base64.StdEncoding.EncodeToString(der), err
}

func privateKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("this is no private key in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("this is no RSA key in PEM; ssh-keygen -p -m PEM makes it one")
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("this key signs nothing")
	}
	return signer, nil
}
