package hookrun

// maxKept is how much of an output is kept. The command may write more.
const maxKept = 64 << 10

// kept is the beginning of an output.
type kept struct{ b []byte }

// Write implements io.Writer; it takes everything.
func (k *kept) Write(p []byte) (int, error) {
	k.b = append(k.b, p[:min(len(p), maxKept-len(k.b))]...)
	return len(p), nil
}

// add puts a line of our own at the end, whatever is there.
func (k *kept) add(line string) {
	if len(k.b) > 0 && k.b[len(k.b)-1] != '\n' {
		k.b = append(k.b, '\n')
	}
	k.b = append(k.b, line...)
}

func (k *kept) text() string { return string(k.b) }
