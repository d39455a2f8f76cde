package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// processorTime is the CPU time that a process has used; 0 if unknown. On a busy machine it is
// more meaningful than wall-clock time.
func processorTime(proc *exec.Cmd) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", proc.Process.Pid))
	if err != nil {
		return 0
	}
	return processorOf(string(text))
}

// tick is the unit of CPU times in /proc.
const tick = time.Second / 100

// processorOf reads user and system time, the 14th and the 15th field. The second field is the
// program's name in parentheses, which may contain any characters.
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

// processor is the CPU time of the measured server, 0 for a running one.
func (t Target) processor() time.Duration {
	if t.Own == nil {
		return 0
	}
	return processorTime(t.Own.proc)
}
