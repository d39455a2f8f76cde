package one22

import (
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// refused is an error in 2.2's words. Most begin with the class of the method.
type refused struct {
	text string
	bare bool // without the class
}

func (t *refused) Error() string { return t.text }

// textOf is the text of an error for callers, "" if it is not meant for them.
func textOf(class string, err error) string {
	var t *refused
	var e *one.Error
	switch {
	case errors.As(err, &t) && t.bare:
		return t.text
	case errors.As(err, &t):
		return "[" + class + "] " + t.text
	case errors.As(err, &e):
		return "[" + class + "] " + e.Msg
	}
	return ""
}

// pool stands for no ID: a whole pool is meant.
const pool = -1

// unnamed stands for no ID, in texts that leave it out.
const unnamed = -2

func bare(text string) error { return &refused{text: text, bare: true} }

func unauthenticated() error {
	return &refused{text: "User couldn't be authenticated, aborting call."}
}

// noSuch is the error for an object that does not exist.
func noSuch(object string, id int) error {
	return &refused{text: fmt.Sprintf("Error getting %s [%d].", object, id)}
}

// denied is the error for a user without the right.
func denied(uid int, action, object string, id int) error {
	text := fmt.Sprintf("User [%d] not authorized to perform %s on %s", uid, action, object)
	if id == pool {
		return &refused{text: text + " Pool"}
	}
	return &refused{text: fmt.Sprintf("%s [%d].", text, id)}
}

// failed is the error for an action that failed. rc is 2.2's error number, left out if it is
// 0; more is appended as it is.
func failed(action, object string, id, rc int, more string) error {
	text := fmt.Sprintf("Error trying to %s %s", action, object)
	if id != unnamed {
		text += fmt.Sprintf(" [%d].", id)
	}
	if rc != 0 {
		text += fmt.Sprintf(" Returned error code [%d].", rc)
	}
	return &refused{text: text + more}
}

// unreadable is the error for a template that cannot be parsed; reason comes before the
// parser's message.
func unreadable(what string, err error, reason string) error {
	return failed("PARSE", what, unnamed, 1, reason+strings.TrimPrefix(err.Error(), "Parse error: "))
}

// because is the end of failed for reasons that 2.2 did not have.
func because(err error) string { return " Reason: " + err.Error() }
