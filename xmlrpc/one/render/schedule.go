package render

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// templateWith writes TEMPLATE, with scheduled actions at its end.
func (w *Writer) templateWith(t attr.Template, r store.Reader, planned []int) {
	w.Template("TEMPLATE", t)
	if len(planned) == 0 {
		return
	}
	*w = (*w)[:len(*w)-len("</TEMPLATE>")]
	for _, id := range planned {
		if a, ok := schedule.Table.Get(r, store.ID(id)); ok {
			w.scheduled(a)
		}
	}
	w.Close("TEMPLATE")
}

func (w *Writer) scheduled(a *schedule.Action) {
	w.Open("SCHED_ACTION")
	w.Int("ID", int64(a.ID))
	w.Int("PARENT_ID", int64(a.Parent))
	w.Text("TYPE", a.Kind.String())
	w.Text("ACTION", a.Action)
	w.Text("ARGS", a.Args)
	w.Int("TIME", a.Time)
	w.Int("REPEAT", int64(a.Repeat))
	w.Text("DAYS", a.Days)
	w.Int("END_TYPE", int64(a.EndType))
	w.Int("END_VALUE", a.EndValue)
	w.Int("DONE", a.Done)
	w.Text("MESSAGE", a.Message)
	w.Int("WARNING", a.Warning)
	w.Close("SCHED_ACTION")
}
