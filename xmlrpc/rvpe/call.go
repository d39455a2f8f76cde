package rvpe

import (
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// call is a call under way. Arguments are counted from 1, after the session.
type call struct {
	Caller *one.Caller
	Member *rvpe.Member
	Snap   *store.Snap // what the call sees; rules that change read their own
	args   []any
}

// isAdmin reports whether the caller is the administrator.
func (c *call) isAdmin() bool { return c.Caller.IsAdmin() }

// needsAdmin is RENKEI-VPE's refusal of what only its administrator may do.
func needsAdmin(c *call) error {
	if c.isAdmin() {
		return nil
	}
	return refuse("The operation requires the admin privilege.")
}

// Flags of pools: below flagMine everybody's, from 0 on those of a member.
const flagMine = -1

// ofOthers reports whether a flag asks for what belongs to others.
func (c *call) ofOthers(flag int) bool { return flag < flagMine || flag >= 0 && flag != c.Member.ID }

// Int returns an integer argument. RENKEI-VPE accepts a number as a string of digits;
// anything else is an ID that nothing has.
func (c *call) Int(n int) int {
	switch v := c.args[n-1].(type) {
	case int32:
		return int(v)
	case int64:
		return int(v)
	case string:
		if id, err := strconv.Atoi(v); err == nil {
			return id
		}
	}
	return notAnID
}

// notAnID is an ID that nothing has, and not a flag either.
const notAnID = -1 << 31

// Text returns a string argument; other values are converted.
func (c *call) Text(n int) string {
	if s, ok := c.args[n-1].(string); ok {
		return s
	}
	return fmt.Sprint(c.args[n-1])
}

// Bool returns a boolean argument. As in Ruby, whatever is not false is true.
func (c *call) Bool(n int) bool {
	v, isBool := c.args[n-1].(bool)
	return v || !isBool && c.args[n-1] != nil
}

// Int64 is Int for sizes and offsets, which Ruby sends as <i4> however large.
func (c *call) Int64(n int) int64 {
	switch v := c.args[n-1].(type) {
	case int32:
		return int64(v)
	case int64:
		return v
	case string:
		if size, err := strconv.ParseInt(v, 10, 64); err == nil {
			return size
		}
	}
	return -1
}
