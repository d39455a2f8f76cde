package replay

import (
	"regexp"
	"strings"
)

// tokens replaces the recorded login tokens by those of the endpoint. If the recorded answer of
// a login is withheld, an unknown token is taken for the one that the user got last.
type tokens struct {
	given  map[string]bool   // tokens that requests chose themselves
	issued map[string]string // user → the endpoint's newest token
	known  map[string]string // recorded token → the endpoint's
}

func newTokens() *tokens {
	return &tokens{given: map[string]bool{}, issued: map[string]string{}, known: map[string]string{}}
}

var (
	sessionParam = regexp.MustCompile(`<param><value><string>([^<:]*):([0-9a-f]{32,128})</string></value></param>`)
	stringParam  = regexp.MustCompile(`<param><value><string>([^<]*)</string></value></param>`)
	tokenText    = regexp.MustCompile(`^[0-9a-f]{32,128}$`)
)

// rewrite replaces a recorded token in a request.
func (t *tokens) rewrite(request string) string {
	m := sessionParam.FindStringSubmatch(request)
	if m == nil {
		return request
	}
	user, secret := m[1], m[2]
	if _, ok := t.known[secret]; !ok && !t.given[secret] && t.issued[user] != "" {
		t.known[secret] = t.issued[user]
	}
	if ours, ok := t.known[secret]; ok {
		return strings.Replace(request, user+":"+secret, user+":"+ours, 1)
	}
	return request
}

// learn reads a login and its answer: one.user.login(session, user, token, …).
func (t *tokens) learn(s Step, got answer) {
	params := stringParam.FindAllStringSubmatch(s.Request, 3)
	for _, p := range params {
		if tokenText.MatchString(p[1]) {
			t.given[p[1]] = true
		}
	}
	if s.Method != "one.user.login" || len(params) < 3 || params[2][1] != "" {
		return
	}
	token := loginToken(got.body)
	if token == "" {
		return
	}
	t.issued[params[1][1]] = token
	if recorded := loginToken(s.Answer); recorded != "" {
		t.known[recorded] = token
	}
}

// loginToken answers the token in an answer to one.user.login, or "".
func loginToken(body string) string {
	r, err := readReply(body)
	if err != nil || r.outcome != success || len(r.tree.children) < 2 || !tokenText.MatchString(r.tree.children[1].text) {
		return ""
	}
	return r.tree.children[1].text
}
