package cli

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// readFile reads a template file from the command line.
func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading template: %w", err)
	}
	return string(text), nil
}

// piped reads standard input to its end, if it is a file or a pipe.
func piped(in io.Reader) (string, error) {
	if file, ok := in.(*os.File); ok && !isPipeOrFile(file) {
		return "", nil
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return "", fmt.Errorf("reading template from the input: %w", err)
	}
	return string(text), nil
}

// patience is how long a command that needs no template waits for the first byte of one. A pipe
// without data belongs to the caller, as in a shell loop over lines.
const patience = 200 * time.Millisecond

// pipedAlready reads standard input, unless it is a pipe without data.
func pipedAlready(in io.Reader) (string, error) {
	if file, ok := in.(*os.File); ok {
		fds := []unix.PollFd{{Fd: int32(file.Fd()), Events: unix.POLLIN}}
		if n, err := unix.Poll(fds, int(patience.Milliseconds())); n == 0 || err != nil {
			return "", nil
		}
	}
	return piped(in)
}

func isPipeOrFile(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0)
}

// terminalFD is the file descriptor of standard input, if it is a terminal.
func terminalFD(in io.Reader) (int, bool) {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	return int(file.Fd()), true
}

// edit has the user edit a text in $EDITOR, or vi.
func (s *session) edit(text string) (string, error) {
	file, err := os.CreateTemp("", "one_cli")
	if err != nil {
		return "", fmt.Errorf("making a file to edit: %w", err)
	}
	defer os.Remove(file.Name())
	if _, err := file.WriteString(text); err != nil {
		return "", fmt.Errorf("writing the file to edit: %w", err)
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("writing the file to edit: %w", err)
	}
	if err := s.runEditor(file.Name()); err != nil {
		return "", err
	}
	return readFile(file.Name())
}

func (s *session) runEditor(path string) error {
	words := strings.Fields(os.Getenv("EDITOR"))
	if len(words) == 0 {
		words = []string{"vi"}
	}
	editor := exec.CommandContext(s.ctx, words[0], append(words[1:], path)...)
	editor.Stdin, editor.Stdout, editor.Stderr = s.io.In, s.io.Out, s.io.Err
	if err := editor.Run(); err != nil {
		return fmt.Errorf("editor %s: %w; nothing was changed", words[0], err)
	}
	return nil
}
