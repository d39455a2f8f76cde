package user

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// maxTokens is how many login tokens a user may have (LoginTokenPool).
const maxTokens = 10

// Login has the arguments of one.user.login.
type Login struct {
	UserID int
	Token  string // "" generates one
	Valid  int    // seconds; 0 deletes the token, or all tokens; -1 means for ever
	EGID   int    // restricts the session to a group; -1 for all
	Max    int    // maximum validity in seconds, 0 for no limit (Driver.MaxToken)
}

// DropTokens deletes all login tokens of a user.
func DropTokens(tx *store.Tx, id int) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	u.Tokens = nil
	Kind.Put(tx, u)
	return nil
}

// SetToken serves one.user.login: it returns the token.
func SetToken(tx *store.Tx, c *one.Caller, l Login) (string, error) {
	u, err := Kind.Edit(tx, l.UserID)
	if err != nil {
		return "", err
	}
	if l.Max > 0 && (l.Valid > l.Max || l.Valid == -1) {
		l.Valid = l.Max
	}
	switch {
	case l.Valid == 0:
		err = u.dropToken(l.Token)
	case l.Valid < -1:
		err = one.Errorf(one.CodeRPC, "Wrong valid period for token")
	default:
		if l.Token == "" {
			l.Token = randomHex()
		}
		err = u.addToken(c, l, tx.Now.Unix())
	}
	if err != nil {
		return "", err
	}
	Kind.Put(tx, u)
	return l.Token, nil
}

func (u *User) dropToken(token string) error {
	before := len(u.Tokens)
	u.Tokens = slices.DeleteFunc(u.Tokens, func(t LoginToken) bool { return token == "" || t.Token == token })
	if token != "" && len(u.Tokens) == before {
		return one.Errorf(one.CodeRPC, "Could not find token: %s", token)
	}
	return nil
}

func (u *User) addToken(c *one.Caller, l Login, now int64) error {
	if l.EGID != -1 && !c.IsAdmin() && (!slices.Contains(u.Groups, l.EGID) || !c.In(l.EGID)) {
		return one.Errorf(one.CodeRPC, "EGID is not in user group list")
	}
	if l.EGID == -1 && !slices.Equal(u.Groups, c.Groups) {
		return one.Errorf(one.CodeRPC, "Cannot create a full token with a specific group token")
	}
	u.Tokens = slices.DeleteFunc(u.Tokens, func(t LoginToken) bool { return t.Expires >= 0 && t.Expires <= now })
	if len(u.Tokens) >= maxTokens {
		return one.Errorf(one.CodeRPC, "Max number of tokens limit reached.")
	}
	if slices.ContainsFunc(u.Tokens, func(t LoginToken) bool { return t.Token == l.Token }) {
		return nil // an existing token keeps its validity and group, as in oned
	}
	t := LoginToken{Token: l.Token, Expires: -1, EGID: l.EGID}
	if l.Valid > 0 {
		t.Expires = now + int64(l.Valid)
	}
	u.Tokens = append(u.Tokens, t)
	slices.SortFunc(u.Tokens, func(a, b LoginToken) int { return strings.Compare(a.Token, b.Token) })
	return nil
}
