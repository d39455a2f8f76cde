package dummyaction

// files limits how many simulated actions are in file system calls at a time.
var files = make(chan struct{}, 16)

// File runs make, which creates files, with limited concurrency. Creating folders is most of
// the work of a simulated action, and each blocks a thread: without a limit, thousands of
// simulated hosts would leave no CPU time for the server that is being tested.
func File(make func() error) error {
	files <- struct{}{}
	defer func() { <-files }()
	return make()
}
