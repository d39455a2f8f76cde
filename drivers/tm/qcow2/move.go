package qcow2

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
)

// Move moves a VM's folder to another host or datastore. As long as the folder exists in from,
// it is complete there, and the one in to may be incomplete from an earlier call and is
// replaced. The folder in from is deleted after everything has been copied.
func (t *Transfer) Move(ctx context.Context, from, to drivers.Folder) error {
	if from.Same(to) {
		return nil
	}
	for _, f := range []drivers.Folder{from, to} {
		if err := t.confine(ctx, f.Host, f.Dir); err != nil {
			return err
		}
	}
	bases, there, err := t.leaving(ctx, from.Host, from.Dir)
	if err != nil {
		return err
	}
	if !there {
		return t.arrived(ctx, to.Host, to.Dir)
	}
	if err := t.bring(ctx, from, to, bases); err != nil {
		t.runner.Discard(ctx, to.Host, to.Dir+".part")
		return fmt.Errorf("moving %s to %s on %s: %w", from.Dir, to.Dir, to.Host.Name, err)
	}
	const leave = `mv -T -- "$1" "$1.gone"
rm -rf --one-file-system -- "$1.gone"`
	_, err = t.runner.Script(ctx, from.Host, leave, from.Dir)
	return err
}

// leaving answers whether dir exists on from, and which images it has links to.
func (t *Transfer) leaving(ctx context.Context, from drivers.Host, dir string) (bases []string, there bool, err error) {
	const list = `rm -rf --one-file-system -- "$1.gone"
[ -d "$1" ] || exit 0
cd -- "$1"; echo there; ls -1 | grep '^base\.[0-9a-f]*$' || true`
	out, err := t.runner.Script(ctx, from, list, dir)
	lines := strings.Fields(string(out))
	if err != nil || len(lines) == 0 {
		return nil, false, err
	}
	return lines[1:], true, nil
}

func (t *Transfer) arrived(ctx context.Context, to drivers.Host, dir string) error {
	if _, err := t.runner.Command(ctx, to, "test", "-d", dir); err != nil {
		return fmt.Errorf("the folder %s is not there, nor where it was: %w", dir, err)
	}
	return nil
}

// bring copies from to to.
func (t *Transfer) bring(ctx context.Context, from, to drivers.Folder, bases []string) error {
	part := to.Dir + ".part"
	const prepare = `rm -rf --one-file-system -- "$1"; mkdir -p -- "$1"`
	if _, err := t.runner.Script(ctx, to.Host, prepare, part); err != nil {
		return err
	}
	for _, base := range bases {
		key := strings.TrimPrefix(base, basePrefix)
		err := t.cached(ctx, to.Host, key, path.Join(part, base), func(entry string) error {
			return t.runner.Pipe(ctx,
				func(ctx context.Context, w io.Writer) error {
					return t.runner.Get(ctx, from.Host, path.Join(from.Dir, base), w)
				},
				func(ctx context.Context, r io.Reader) error { return t.runner.Put(ctx, to.Host, r, entry) })
		})
		if err != nil {
			return err
		}
	}
	if err := t.carry(ctx, from, to.Host, part); err != nil {
		return err
	}
	const arrive = `find "$1" -type f -exec sync -- {} +
rm -rf --one-file-system -- "$2.old"
[ ! -e "$2" ] || mv -T -- "$2" "$2.old"
mv -T -- "$1" "$2"
rm -rf --one-file-system -- "$2.old"`
	_, err := t.runner.Script(ctx, to.Host, arrive, part, to.Dir)
	return err
}

// carry copies everything but the images. Of a link to a persistent image the content is
// copied, which Return copies back.
func (t *Transfer) carry(ctx context.Context, from drivers.Folder, to drivers.Host, part string) error {
	pack := []string{"tar", "-C", from.Dir, "--exclude=./" + basePrefix + "*", "-hcSf", "-", "."}
	return t.runner.Pipe(ctx,
		func(ctx context.Context, w io.Writer) error {
			_, err := t.runner.Run(ctx, from.Host, remote.Cmd{Args: pack, Stdout: w})
			return err
		},
		func(ctx context.Context, r io.Reader) error {
			_, err := t.runner.Run(ctx, to, remote.Cmd{Args: []string{"tar", "-C", part, "-xSf", "-"}, Stdin: r})
			return err
		})
}
