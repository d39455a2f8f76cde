package qcow2

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// basePrefix begins the names of backing files in a VM's folder. The rest of the name is the
// image's name in the cache.
const basePrefix = "base."

// link makes the image source available on h as link: by a symbolic link on this machine, by a
// hard link to the cache elsewhere.
func (t *Transfer) link(ctx context.Context, h drivers.Host, source, key, link string) error {
	if h.Local {
		_, err := t.runner.Command(ctx, h, "ln", "-sfn", "--", source, link)
		return err
	}
	return t.cached(ctx, h, key, link, func(to string) error {
		return t.runner.PutFile(ctx, h, source, to)
	})
}

// cacheKey is a name for the present content of an image.
func cacheKey(source string) (string, error) {
	info, err := os.Stat(source)
	if err != nil {
		return "", fmt.Errorf("the image of the disk: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", source, info.ModTime().UnixNano(), info.Size()))
	return hex.EncodeToString(sum[:16]), nil
}

// cached makes link a hard link to the image with that key in the cache of h. deliver copies
// the image if it is not cached, once at a time for each host and key.
func (t *Transfer) cached(ctx context.Context, h drivers.Host, key, link string, deliver func(to string) error) error {
	unlock, err := t.locks.Lock(ctx, h.Name+"/"+key)
	if err != nil {
		return err
	}
	defer unlock()
	const attach = `mkdir -p -- "$(dirname -- "$1")" "$(dirname -- "$2")"
if [ -e "$1" ]; then ln -f -- "$1" "$2"; else echo absent; fi`
	entry := path.Join(t.root, "cache", key)
	out, err := t.runner.Script(ctx, h, attach, entry, link)
	if err != nil || strings.TrimSpace(string(out)) != "absent" {
		return err
	}
	if err := deliver(entry); err != nil {
		return fmt.Errorf("delivering the image to %s: %w", h.Name, err)
	}
	_, err = t.runner.Command(ctx, h, "ln", "-f", "--", entry, link)
	return err
}

// Sweep deletes images from the cache of h that no VM uses and that have not been used for
// days.
func (t *Transfer) Sweep(ctx context.Context, h drivers.Host, days int) error {
	const sweep = `[ ! -d "$1" ] || find "$1" -maxdepth 1 -type f -links 1 -ctime "+$2" -delete`
	_, err := t.runner.Script(ctx, h, sweep, path.Join(t.root, "cache"), fmt.Sprint(days))
	return err
}
