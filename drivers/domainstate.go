package drivers

import "fmt"

var domainStates = [...]string{
	DomainUnknown:   "unknown",
	DomainRunning:   "running",
	DomainPaused:    "paused",
	DomainOff:       "off",
	DomainFailed:    "failed",
	DomainMigrating: "migrating",
}

// String is the state as a word, for logs and files.
func (s DomainState) String() string {
	if int(s) < len(domainStates) {
		return domainStates[s]
	}
	return fmt.Sprintf("state %d", uint8(s))
}

// MarshalText writes the state as its word.
func (s DomainState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word of a state.
func (s *DomainState) UnmarshalText(text []byte) error {
	for i, word := range domainStates {
		if word == string(text) {
			*s = DomainState(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no state of a domain: use one of %q", text, domainStates)
}
