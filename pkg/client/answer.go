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
// [false, message, code, object].
func (c *Client) decode(method string, body []byte) (Answer, error) {
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
	if len(envelope) < 2 {
		return Answer{}, c.strangeAnswer(fmt.Errorf("an array of %d elements", len(envelope)))
	}
	done, ok := envelope[0].(bool)
	if !ok {
		return Answer{}, c.strangeAnswer(fmt.Errorf("first element is %T, not a boolean", envelope[0]))
	}
	if !done {
		return Answer{}, refusal(envelope)
	}
	return answerOf(envelope[1]), nil
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
