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

// Options say what to play, against what, and what to report. Zero values of
// the last group have the defaults that each comment names.
type Options struct {
	Scenario Scenario
	Endpoint string // such as http://127.0.0.1:2633/RPC2

	From, To int            // steps to play; 0 is no bound
	Only     *regexp.Regexp // steps to report, by name or method; all are played
	Show     []int          // steps whose documents to show as a diff
	Allow    Allow          // differences that are known, each with its reason
	Schemas  *xsd.Set       // if set, documents of answers are validated too

	Record io.Writer // if set, the steps are written here with what the endpoint answered

	Set  map[string]string // values of placeholders: ONE for @ONE@
	Mask *regexp.Regexp    // more elements not to compare, by name or PARENT/NAME

	Session     string        // who polls in waits; oneadmin:opennebula
	WaitTimeout time.Duration // how long a wait may take; 30 s
	PollEvery   time.Duration // pause between two polls; 50 ms
	Settle      time.Duration // how long what a call looks at may take to become as recorded; none
	CallTimeout time.Duration // how long an answer may take; 60 s
}

// The defaults of Options.
const (
	DefaultSession     = "oneadmin:opennebula"
	DefaultWaitTimeout = 30 * time.Second
	DefaultPollEvery   = 50 * time.Millisecond
	DefaultCallTimeout = time.Minute
)

// player starts a player with all defaults filled in.
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
	// No proxy: an environment variable must not decide who is judged.
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
