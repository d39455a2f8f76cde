package replay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/renkei-vpe/renkei/pkg/xsd"
)

// Options say what to play, against which endpoint, and what to report. Zero values of the last
// group stand for the defaults in their comments.
type Options struct {
	Scenario Scenario
	Endpoint string // such as http://127.0.0.1:2633/RPC2

	From, To int            // steps to play; 0 is no limit
	Only     *regexp.Regexp // steps to report, by name or method; all are played
	Show     []int          // steps whose documents are shown as a diff
	Allow    Allow          // known differences, with reasons
	Schemas  *xsd.Set       // if set, documents of answers are validated too

	Record io.Writer // if set, the steps are written here with the endpoint's answers

	Set  map[string]string // values of placeholders: ONE for @ONE@
	Mask *regexp.Regexp    // further elements to mask, by name or PARENT/NAME

	Session     string        // session for polling in waits; oneadmin:opennebula
	WaitTimeout time.Duration // timeout of a wait; 30 s
	PollEvery   time.Duration // polling interval; 50 ms
	Settle      time.Duration // how long to repeat info calls until the answer equals the recorded one; none
	CallTimeout time.Duration // timeout of a call; 60 s
}

// The defaults of Options.
const (
	DefaultSession     = "oneadmin:opennebula"
	DefaultWaitTimeout = 30 * time.Second
	DefaultPollEvery   = 50 * time.Millisecond
	DefaultCallTimeout = time.Minute
)

// player makes a player, with defaults filled in.
func (o Options) player() (*player, error) {
	if o.Scenario == nil {
		return nil, errors.New("no scenario to play")
	}
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil || endpoint.Host == "" {
		return nil, fmt.Errorf("endpoint %q is no address: give one such as http://127.0.0.1:2633/RPC2", o.Endpoint)
	}
	orElse(&o.Session, DefaultSession)
	orElse(&o.WaitTimeout, DefaultWaitTimeout)
	orElse(&o.PollEvery, DefaultPollEvery)
	orElse(&o.CallTimeout, DefaultCallTimeout)
	// No proxy: environment variables must not change the endpoint.
	client := &http.Client{Transport: &http.Transport{}, Timeout: o.CallTimeout}
	return &player{
		opt:    o,
		sender: sender{endpoint: endpoint, client: client},
		tokens: newTokens(),
		ids:    ids{},
		failer: failer{dir: o.Set[dummyActions]},
		record: newRecorder(o.Record, o.Set),
	}, nil
}

func orElse[T comparable](to *T, value T) {
	var zero T
	if *to == zero {
		*to = value
	}
}
