package engine

import "github.com/renkei-vpe/renkei/pkg/store"

// Notice tells the engine of a commit before it runs.
func (e *Engine) Notice(c store.Commit) { e.notice(c) }
