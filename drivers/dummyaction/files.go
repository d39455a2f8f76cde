package dummyaction

// files is how many simulated actions are in the file system at once.
var files = make(chan struct{}, 16)

// File runs what makes a file, a few at once. Making a folder takes most of what a
// simulated action takes, and is done by a thread of its own: thousands of hosts would
// leave the server hardly any processor for what they are there to try out.
func File(make func() error) error {
	files <- struct{}{}
	defer func() { <-files }()
	return make()
}
