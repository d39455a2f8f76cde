package one

import (
	"errors"
	"fmt"
)

// Code is the third element of an OpenNebula answer.
type Code int

// The error codes of OpenNebula (include/Request.h, ErrorCode).
const (
	CodeSuccess        Code = 0x0000
	CodeAuthentication Code = 0x0100 // the session does not name a user
	CodeAuthorization  Code = 0x0200 // the user may not
	CodeNoExists       Code = 0x0400 // no object has that ID
	CodeAction         Code = 0x0800 // not in this state, or a limit stands against it
	CodeRPC            Code = 0x1000 // an argument has no meaning here
	CodeInternal       Code = 0x2000 // bad template, name clash, trouble of the server
	CodeAllocate       Code = 0x4000 // the object could not be created
	CodeLocked         Code = 0x8000 // a user locked the object
	CodeReplication    Code = 0x10000
)

// Error is what a caller may be told. Any other error reaches the log in full
// and the caller as an internal error.
type Error struct {
	Code Code
	ID   int    // the object at fault, -1 when there is none
	Msg  string // says what to do next, when we know
}

func (e *Error) Error() string { return e.Msg }

// Is makes errors.Is match by code, so that callers test for a class of
// failure: errors.Is(err, one.ErrNoExists).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Msg == ""
}

// Classes of failure, for errors.Is.
var (
	ErrAuthentication = &Error{Code: CodeAuthentication}
	ErrAuthorization  = &Error{Code: CodeAuthorization}
	ErrNoExists       = &Error{Code: CodeNoExists}
	ErrAction         = &Error{Code: CodeAction}
	ErrInternal       = &Error{Code: CodeInternal}
)

// Errorf makes an Error that no one object is to blame for.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, ID: -1, Msg: fmt.Sprintf(format, args...)}
}

// At names the object at fault, which the answer carries as its fourth element.
func (e *Error) At(id int) *Error {
	return &Error{Code: e.Code, ID: id, Msg: e.Msg}
}

// WithCode is a refusal under another code. Any other error stays what it is.
func WithCode(code Code, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return Errorf(code, "%s", e.Msg).At(e.ID)
	}
	return err
}
