package drivers

// Said is an error with another text for users than for the log: the driver's own message,
// which may be empty.
type Said struct {
	Text string
	Err  error
}

// Error is the text for the log.
func (s *Said) Error() string { return s.Err.Error() }

// Unwrap answers the wrapped error.
func (s *Said) Unwrap() error { return s.Err }
