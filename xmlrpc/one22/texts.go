package one22

import (
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// told is an error in 2.2's words. Most begin with the class of the method.
type told struct {
	text string
	bare bool // without the class
}

func (t *told) Error() string { return t.text }

// textOf is what a caller is told of an error, "" when he is not to know it.
func textOf(class string, err error) string {
	var t *told
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

// unnamed stands for no ID where texts say nothing in its place.
const unnamed = -2

func bare(text string) error { return &told{text: text, bare: true} }

func unauthenticated() error {
	return &told{text: "User couldn't be authenticated, aborting call."}
}

// noSuch is said of an object that is not there.
func noSuch(object string, id int) error {
	return &told{text: fmt.Sprintf("Error getting %s [%d].", object, id)}
}

// denied is said to a user who may not.
func denied(uid int, action, object string, id int) error {
	text := fmt.Sprintf("User [%d] not authorized to perform %s on %s", uid, action, object)
	if id == pool {
		return &told{text: text + " Pool"}
	}
	return &told{text: fmt.Sprintf("%s [%d].", text, id)}
}

// failed is said of what was tried. rc is the number by which 2.2 knew why; 0 was
// not said. more is added as it is.
func failed(action, object string, id, rc int, more string) error {
	text := fmt.Sprintf("Error trying to %s %s", action, object)
	if id != unnamed {
		text += fmt.Sprintf(" [%d].", id)
	}
	if rc != 0 {
		text += fmt.Sprintf(" Returned error code [%d].", rc)
	}
	return &told{text: text + more}
}

// unreadable is said of a template with a mistake; reason begins what is more.
func unreadable(what string, err error, reason string) error {
	return failed("PARSE", what, unnamed, 1, reason+strings.TrimPrefix(err.Error(), "Parse error: "))
}

// because is more of failed for what 2.2 could not fail at.
func because(err error) string { return " Reason: " + err.Error() }
