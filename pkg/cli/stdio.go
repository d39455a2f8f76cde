package cli

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Stdio is a command's input and output.
type Stdio struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	Now func() time.Time // nil means the system's clock
}

// Std is the standard input and output of the process.
func Std() Stdio {
	return Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
}

func (io Stdio) now() time.Time {
	if io.Now == nil {
		return time.Now()
	}
	return io.Now()
}

// width is the terminal width of Out, 0 if it is no terminal.
func (io Stdio) width() int {
	out, ok := io.Out.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) {
		return 0
	}
	columns, _, err := term.GetSize(int(out.Fd()))
	if err != nil || columns <= 0 {
		return 80
	}
	return columns
}
