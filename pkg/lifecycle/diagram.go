package lifecycle

import (
	"fmt"
	"strings"
)

// way is one arrow of the diagram.
type way struct {
	from Status
	ev   Event
}

// mainWays are the arrows worth drawing: a VM that is deployed, used, put
// aside, moved and ended, and the failures people meet. The table has the rest.
var mainWays = []way{
	{pending, Hold}, {hold, Release}, {pending, Deploy},
	{prolog, OK}, {prolog, Failed}, {prologFailure, RecoverRetry},
	{boot, OK}, {boot, Failed}, {bootFailure, RecoverRetry},
	{running, Reboot},
	{running, Poweroff}, {shutdownPoweroff, OK}, {poweroff, Resume}, {bootPoweroff, OK},
	{running, Suspend}, {saveSuspend, OK}, {suspended, Resume}, {bootSuspended, OK},
	{running, Undeploy}, {shutdownUndeploy, OK}, {epilogUndeploy, OK}, {undeployed, Deploy},
	{prologUndeploy, OK}, {bootUndeploy, OK},
	{running, LiveMigrate}, {migrate, OK},
	{running, Migrate}, {saveMigrate, OK}, {prologMigrate, OK}, {bootMigrate, OK},
	{running, HostLost}, {unknown, SeenRunning}, {running, SeenPoweroff},
	{running, Terminate}, {shutdown, OK}, {shutdown, Failed}, {poweroff, Terminate},
	{epilog, OK}, {epilog, Failed}, {epilogFailure, RecoverRetry},
}

// Diagram draws the main ways through the table for people, in Mermaid. Each
// arrow bears the event and, after a slash, the effect it begins.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> PENDING\n")
	for _, w := range mainWays {
		step := steps[w.from][w.ev]
		label := w.ev.String()
		if step.Do.Runs() {
			label += " / " + step.Do.String()
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", w.from, step.To, label)
	}
	b.WriteString("    DONE --> [*]\n")
	return b.String()
}
