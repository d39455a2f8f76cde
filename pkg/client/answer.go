package client

import (
	"errors"
	"fmt"

	"github.com/kolo/xmlrpc"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Answer is what a successful call returned: an XML document or a word in
// Text, or a number, mostly the ID of an object, in ID.
type Answer struct {
	Text string
	ID   int
}

// decode reads OpenNebula's envelope: [true, value, code] or
// [false, message, code, object]. RENKEI-VPE has shorter ones: [true, value],
// [false, message], and [true] where there is nothing to say.
func (c *Client) decode(method string, body []byte) (Answer, error) {
	if text, ok := plainAnswer(body); ok {
		return Answer{Text: text}, nil
	}
	return c.decodeByLibrary(method, body)
}

func (c *Client) decodeByLibrary(method string, body []byte) (Answer, error) {
	response := xmlrpc.Response(body)
	if err := response.Err(); err != nil {
		if fault := new(xmlrpc.FaultError); errors.As(err, fault) {
			return Answer{}, &Fault{Method: method, Code: fault.Code, Text: fault.String}
		}
		return Answer{}, c.strangeAnswer(err)
	}
	var envelope []any
	if err := response.Unmarshal(&envelope); err != nil {
		return Answer{}, c.strangeAnswer(err)
	}
	if len(envelope) == 0 {
		return Answer{}, c.strangeAnswer(errors.New("an array of 0 elements"))
	}
	done, ok := envelope[0].(bool)
	switch {
	case !ok:
		return Answer{}, c.strangeAnswer(fmt.Errorf("first element is %T, not a boolean", envelope[0]))
	case done && len(envelope) == 1:
		return Answer{}, nil
	case done:
		return answerOf(envelope[1]), nil
	case len(envelope) == 1:
		return Answer{}, c.strangeAnswer(errors.New("a refusal without a message"))
	}
	return Answer{}, refusal(envelope)
}

func answerOf(value any) Answer {
	switch v := value.(type) {
	case int64:
		return Answer{ID: int(v)}
	case string:
		return Answer{Text: v}
	default: // kolo gives nil for an empty string
		return Answer{}
	}
}

func refusal(envelope []any) *one.Error {
	refused := &one.Error{ID: -1}
	refused.Msg, _ = envelope[1].(string)
	if len(envelope) > 2 {
		code, _ := envelope[2].(int64)
		refused.Code = one.Code(code)
	}
	if len(envelope) > 3 {
		if id, ok := envelope[3].(int64); ok {
			refused.ID = int(id)
		}
	}
	return refused
}

func (c *Client) strangeAnswer(err error) error {
	return &TransportError{Endpoint: c.endpoint, Err: fmt.Errorf("%w: %w", errNotXMLRPC, err)}
}
