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

// basePrefix begins the name by which a VM's folder holds an image that its
// disks are layers over. The rest of the name is the cache's name for it.
const basePrefix = "base."

// link makes the image source readable on h as the file link: a symbolic link to
// it on this machine, a hard link into the cache elsewhere.
func (t *Transfer) link(ctx context.Context, h drivers.Host, source, key, link string) error {
	if h.Local {
		_, err := t.runner.Command(ctx, h, "ln", "-sfn", "--", source, link)
		return err
	}
	return t.cached(ctx, h, key, link, func(to string) error {
		return t.runner.PutFile(ctx, h, source, to)
	})
}

// cacheKey names an image in its present state.
func cacheKey(source string) (string, error) {
	info, err := os.Stat(source)
	if err != nil {
		return "", fmt.Errorf("the image of the disk: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", source, info.ModTime().UnixNano(), info.Size()))
	return hex.EncodeToString(sum[:16]), nil
}

// cached makes link a hard link to the image that the cache of h knows as key.
// deliver is called at most once at a time for a host and a key, and not at all
// when the image is there.
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

// Sweep removes from the cache of h the images that no VM uses any more and
// that nobody asked for during the last days.
func (t *Transfer) Sweep(ctx context.Context, h drivers.Host, days int) error {
	const sweep = `[ ! -d "$1" ] || find "$1" -maxdepth 1 -type f -links 1 -ctime "+$2" -delete`
	_, err := t.runner.Script(ctx, h, sweep, path.Join(t.root, "cache"), fmt.Sprint(days))
	return err
}
