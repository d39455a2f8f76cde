package drivers

// Said is a failure of which users are told other words than the log: what the
// driver has said, which may be nothing.
type Said struct {
	Text string
	Err  error
}

// Error is what the log is told.
func (s *Said) Error() string { return s.Err.Error() }

// Unwrap answers the failure.
func (s *Said) Unwrap() error { return s.Err }
