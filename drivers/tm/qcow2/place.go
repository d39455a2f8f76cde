package qcow2

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/sparsefile"
)

// below tells whether p is a VM's folder or lies in one: <root>/<datastore>/<VM>…
func (t *Transfer) below(p string) error {
	rest, inside := strings.CutPrefix(p, t.root+"/")
	if !inside || path.Clean(p) != p || strings.Count(rest, "/") < 1 || strings.Contains(p, "\x00") {
		return fmt.Errorf("%q is not a VM's folder or file below %s: it is left alone", p, t.root)
	}
	return nil
}

// confine refuses paths that are not below the datastores folder, also after following links of
// its folder. The folder need not exist.
func (t *Transfer) confine(ctx context.Context, h drivers.Host, p string) error {
	if err := t.below(p); err != nil {
		return err
	}
	const follow = `root=$(realpath -m -- "$1"); dir=$(realpath -m -- "$2")
[ "$dir" = "$root$3" ] || { echo "a link leads from $2 to $dir: it is left alone" >&2; exit 1; }`
	dir := path.Dir(p)
	_, err := t.runner.Script(ctx, h, follow, t.root, dir, strings.TrimPrefix(dir, t.root))
	return err
}

// make creates p with write, under a temporary name in the same folder. If p exists it is
// complete.
func (t *Transfer) make(ctx context.Context, h drivers.Host, p string, write func(tmp string) error) error {
	there, tmp, err := t.begin(ctx, h, p)
	if err != nil || there {
		return err
	}
	if err := write(tmp); err != nil {
		t.runner.Discard(ctx, h, tmp)
		return err
	}
	return t.finish(ctx, h, tmp, p)
}

// begin answers whether p exists, and if not, removes what is left at tmp.
func (t *Transfer) begin(ctx context.Context, h drivers.Host, p string) (there bool, tmp string, err error) {
	if err := t.confine(ctx, h, p); err != nil {
		return false, "", err
	}
	const prepare = `if [ -e "$1" ]; then echo there; exit; fi
mkdir -p -- "$2"
rm -rf -- "$3"`
	tmp = p + sparsefile.Part
	out, err := t.runner.Script(ctx, h, prepare, p, path.Dir(p), tmp)
	return strings.TrimSpace(string(out)) == "there", tmp, err
}

// finish syncs tmp and renames it to p.
func (t *Transfer) finish(ctx context.Context, h drivers.Host, tmp, p string) error {
	const publish = `[ -h "$1" ] || sync -- "$1"
mv -fT -- "$1" "$2"`
	_, err := t.runner.Script(ctx, h, publish, tmp, p)
	if err != nil {
		t.runner.Discard(ctx, h, tmp)
	}
	return err
}

// Delete deletes a disk or a VM's folder. Links are deleted, not what they point to.
func (t *Transfer) Delete(ctx context.Context, h drivers.Host, p string) error {
	if err := t.confine(ctx, h, p); err != nil {
		return err
	}
	const remove = `rm -rf --one-file-system -- "$1" "$1.part" "$1.gone" "$1.old"`
	_, err := t.runner.Script(ctx, h, remove, p)
	return err
}
