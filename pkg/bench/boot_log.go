package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// copied reads from a server's log how long copying the disks of a VM took: the API has no
// times below a second.
func copied(log string, vm int) (time.Duration, error) {
	file, err := os.Open(log)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var sum time.Duration
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if bytes.Contains(lines.Bytes(), []byte(`"disk brought"`)) {
			sum += brought(lines.Bytes(), vm)
		}
	}
	if sum == 0 && lines.Err() == nil {
		return 0, fmt.Errorf("%s tells of no disk of it: is this the log of the server, as JSON?", log)
	}
	return sum, lines.Err()
}

// brought is the duration in a line of the log, 0 if the line is about something else.
func brought(line []byte, vm int) time.Duration {
	var l struct {
		VM  int     `json:"vm"`
		Dur float64 `json:"dur"` // in milliseconds
	}
	if json.Unmarshal(line, &l) != nil || l.VM != vm {
		return 0
	}
	return time.Duration(l.Dur * float64(time.Millisecond))
}
