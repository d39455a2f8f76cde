package hookrun

// maxKept is how many bytes of an output are logged.
const maxKept = 64 << 10

// kept is the beginning of an output.
type kept struct{ b []byte }

// Write implements io.Writer. It never fails, so that the command can go on.
func (k *kept) Write(p []byte) (int, error) {
	k.b = append(k.b, p[:min(len(p), maxKept-len(k.b))]...)
	return len(p), nil
}

// add appends a line of this server, regardless of the limit.
func (k *kept) add(line string) {
	if len(k.b) > 0 && k.b[len(k.b)-1] != '\n' {
		k.b = append(k.b, '\n')
	}
	k.b = append(k.b, line...)
}

func (k *kept) text() string { return string(k.b) }
