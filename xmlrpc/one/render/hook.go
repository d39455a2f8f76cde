package render

import (
	"encoding/base64"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Hook writes a hook with its log, as one.hook.info does.
func Hook(w *Writer, r store.Reader, h *hook.Hook) {
	w.hook(h, func() {
		w.Open("HOOKLOG")
		for row := range hook.Log.Of(r, h.ID) {
			w.HookRecord(row.Val)
		}
		w.Close("HOOKLOG")
	})
}

// HookInPool writes a hook as the pool lists it.
func HookInPool(w *Writer, _ store.Reader, h *hook.Hook) { w.hook(h, func() {}) }

func (w *Writer) hook(h *hook.Hook, log func()) {
	w.Open("HOOK")
	w.Int("ID", int64(h.ID))
	w.Text("NAME", h.Name)
	w.Text("TYPE", string(h.Type))
	w.lock(h.Lock)
	w.Template("TEMPLATE", h.Template)
	log()
	w.Close("HOOK")
}

// HookRecord writes one run of a hook. The command's output is base64 in lines, as clients
// expect.
func (w *Writer) HookRecord(r *hook.Record) {
	w.Open("HOOK_EXECUTION_RECORD")
	w.Int("HOOK_ID", int64(r.Hook))
	w.Int("EXECUTION_ID", int64(r.Execution))
	w.Int("TIMESTAMP", r.Time)
	w.Text("ARGUMENTS", r.Arguments)
	w.Open("EXECUTION_RESULT")
	w.Text("COMMAND", r.Command)
	w.Text("STDOUT", base64Lines(r.Stdout))
	w.Text("STDERR", base64Lines(r.Stderr))
	w.Int("CODE", int64(r.Code))
	w.Close("EXECUTION_RESULT")
	if r.Host != "" {
		w.Text("REMOTE_HOST", r.Host)
	}
	if r.Retry {
		w.Text("RETRY", "yes")
	}
	w.Close("HOOK_EXECUTION_RECORD")
}

// base64Lines breaks base64 after every 60 characters, as Ruby's MIME encoder does.
func base64Lines(s string) string {
	const width = 45 // bytes that make 60 characters
	var b []byte
	for len(s) > 0 {
		n := min(width, len(s))
		b = append(base64.StdEncoding.AppendEncode(b, []byte(s[:n])), '\n')
		s = s[n:]
	}
	return string(b)
}
