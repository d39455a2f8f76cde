package lifecycle

import (
	"fmt"
	"strings"
)

// arrow is one of the diagram.
type arrow struct {
	from Status
	ev   Event
}

// mainArrows are the arrows that are drawn: deploying, using, suspending, migrating and ending
// a VM, and common failures. The table has the rest.
var mainArrows = []arrow{
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

// Diagram draws the main part of the table in Mermaid. Each arrow has the event and, after a
// slash, the effect that begins.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> PENDING\n")
	for _, w := range mainArrows {
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
