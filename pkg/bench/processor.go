package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// processorTime is what a process has used until now; 0 where that cannot be
// known. Of a busy machine it says more than the time on the clock.
func processorTime(proc *exec.Cmd) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", proc.Process.Pid))
	if err != nil {
		return 0
	}
	return processorOf(string(text))
}

// tick is the unit in which Linux tells programs of processor time.
const tick = time.Second / 100

// processorOf reads user and system time, the 14th and the 15th field. The second one
// is the program's name in parentheses, which may be of any characters.
func processorOf(stat string) time.Duration {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const user, system = 14 - 3, 15 - 3
	if len(fields) <= system {
		return 0
	}
	var ticks int64
	for _, text := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// processor is that of the server that is measured, 0 for somebody else's.
func (t Target) processor() time.Duration {
	if t.Own == nil {
		return 0
	}
	return processorTime(t.Own.proc)
}
