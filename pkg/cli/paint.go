package cli

import "strings"

// painter colours output on a terminal, and no other output.
type painter struct{ terminal bool }

const (
	bold      = "\x1b[1m"
	underline = "\x1b[4m"
	red       = "\x1b[31m"
	green     = "\x1b[32m"
	reset     = "\x1b[0m"
	// clearScreen also moves the cursor to the top left corner.
	clearScreen = "\x1b[2J\x1b[H"
)

func (p painter) header(text string) string  { return p.wrap(bold+underline, text) }
func (p painter) section(text string) string { return p.wrap(bold, text) }

func (p painter) wrap(code, text string) string {
	if !p.terminal {
		return text
	}
	return code + text + reset
}

// state colours states: green for running, red for failed.
func (p painter) state(text string) string {
	switch strings.TrimSpace(text) {
	case "runn", "rdy", "on":
		return p.wrap(green, text)
	case "fail", "err", "error":
		return p.wrap(red, text)
	}
	return text
}
