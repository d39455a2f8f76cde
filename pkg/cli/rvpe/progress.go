package rvpe

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// progress is a progress bar, on terminals only.
type progress struct {
	out  io.Writer // nil without a terminal
	size int64
	done int64
}

func (s *session) progress(size int64) *progress {
	p := &progress{size: max(size, 1)}
	if f, ok := s.io.Err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.out = f
	}
	return p
}

// barWidth is the width of a complete bar in characters.
const barWidth = 60

func (p *progress) add(n int) {
	p.done += int64(n)
	if p.out == nil {
		return
	}
	part := min(p.done, p.size)
	bar := strings.Repeat("=", int(part*barWidth/p.size))
	fmt.Fprintf(p.out, "\rTransfer(%3d%%): |%-*s|", part*100/p.size, barWidth, bar)
}

// end ends the line of the bar.
func (p *progress) end() {
	if p.out != nil {
		fmt.Fprintln(p.out)
	}
}
