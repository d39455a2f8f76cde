package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func hookMethods() []method {
	return []method{
		{name: "one.hook.allocate", params: params(pTemplate), may: createFrom(one.KindHook, 1), do: change(hookAllocate)},
		{name: "one.hook.delete", params: params(pID), may: on(hook.Kind, one.Manage, 1), do: deleting(one.KindHook, byID(hook.Delete))},
		hooks.infoOf("hook"),
		{
			name: "one.hook.update", params: params(pID, pTemplate, pAppend),
			may: basic(hook.Kind, one.Manage, 1), do: updating(hookUpdate),
		},
		renameOf("hook", hook.Kind, one.Manage),
		lockOf("hook", hook.Kind),
		unlockOf("hook", hook.Kind),
		{name: "one.hook.retry", params: ints("object id", "execution id"), may: on(hook.Kind, one.Manage, 1), do: change(byIDs(hook.Retry))},
		hooksInPool.poolOf("hookpool"),
		{
			name:   "one.hooklog.info",
			params: ints("runs after, -1 all", "runs before, -1 all", "hook id, -1 all", "-1 errors, 0 all, 1 successes"),
			may:    mayReadHookLog, do: hookLog,
		},
	}
}

var (
	// The answer contains the log, so it cannot be kept with the hook's version.
	hooks       = pool[hook.Hook]{kind: hook.Kind, form: unkept, write: render.Hook}
	hooksInPool = pool[hook.Hook]{kind: hook.Kind, root: "HOOK_POOL", form: formPool, write: render.HookInPool}
)

func hookAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return hook.Allocate(tx, t, s.hasMethod)
}

func hookUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	return c.Int(1), hook.Update(tx, c.Int(1), c.Text(2), merge, s.hasMethod)
}

var mayReadHookLog = membersOnly("not authorized to perform action on hook")

// hookLog serves one.hooklog.info: the newest runs of the newest hooks first.
func hookLog(_ context.Context, _ *Server, c *call) (any, error) {
	var w render.Writer
	w.Open("HOOKLOG")
	for row := range hook.Log.Backward(c.Snap) {
		if wantsRecord(c, row.Val) {
			w.HookRecord(row.Val)
		}
	}
	w.Close("HOOKLOG")
	return string(w), nil
}

func wantsRecord(c *call, r *hook.Record) bool {
	after, before, id, code := int64(c.Int(1)), int64(c.Int(2)), c.Int(3), c.Int(4)
	return (after < 0 || r.Time > after) && (before < 0 || r.Time < before) && (id < 0 || r.Hook == id) &&
		(code != -1 || r.Code != 0) && (code != 1 || r.Code == 0)
}
