package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// judge compares one answer with the recorded one.
func (p *player) judge(s Step, got answer) verdict {
	if s.Withheld() {
		return judgeWithheld(got)
	}
	want, err := recordedReply(s, p.opt.Set)
	if err != nil {
		return verdict{class: Broken, detail: "the recording: " + err.Error()}
	}
	if s.Status != "" && statusWords(s.Status) != got.status {
		return verdict{
			class: Status, detail: fmt.Sprintf("want %s, got %s", statusWords(s.Status), got.status),
			want: want.tree, got: readPage(got.body).tree,
		}
	}
	have := readPage(got.body)
	if want.outcome != page {
		if have, err = readReply(got.body); err != nil {
			return verdict{class: Broken, detail: err.Error(), want: want.tree, got: readPage(got.body).tree}
		}
	}
	if s.Result != nil {
		p.ids.learn(s, want, have)
		want = p.ids.answer(s, want)
	}
	return compare(want, have, p.opt.Mask)
}

// judgeWithheld only checks that there is an answer.
func judgeWithheld(got answer) verdict {
	v := verdict{class: Withheld, got: readPage(got.body).tree}
	have, err := readReply(got.body)
	if err != nil {
		v.class, v.detail = Broken, err.Error()
		return v
	}
	v.got, v.answered, v.detail = have.tree, have.tree, have.summary()
	if err := sane(have); err != nil {
		v.class, v.detail = Broken, err.Error()
	}
	return v
}

// sane checks the envelope of an answer whose content is unknown.
func sane(r reply) error {
	if r.outcome == refused && strings.TrimSpace(r.text) == "" {
		return errors.New("a refusal without a text")
	}
	for _, item := range r.tree.children {
		if item.name == "string" && strings.HasPrefix(item.text, "<") {
			_, err := parseXML(item.text)
			return err // stringValue could not parse it
		}
	}
	return nil
}

// recordedReply parses the recorded answer, in whichever format it is.
func recordedReply(s Step, values map[string]string) (reply, error) {
	if fault, ok := s.Result.(map[string]any); ok {
		return recordedFault(fault)
	}
	if s.Result != nil {
		tree, err := jsonValue(s.Result)
		if err != nil {
			return reply{}, err
		}
		return newReply(filled(tree, values)), nil
	}
	body := fill(s.Answer, values)
	if !strings.Contains(body, "<methodResponse>") {
		return readPage(body), nil
	}
	return readReply(body)
}

// recordedFault parses {"fault": code, "text": …}, the format of faults in decoded recordings.
func recordedFault(fault map[string]any) (reply, error) {
	code, isNumber := fault["fault"].(json.Number)
	text, isText := fault["text"].(string)
	if !isNumber || !isText {
		return reply{}, fmt.Errorf("result %v is no fault with a text", fault)
	}
	return newFault(code.String(), text), nil
}

// filled fills in the placeholders of a tree.
func filled(n *node, values map[string]string) *node {
	out := &node{name: n.name, attrs: n.attrs, text: fill(n.text, values)}
	for _, c := range n.children {
		out.children = append(out.children, filled(c, values))
	}
	return out
}

// statusWords drops the protocol: "HTTP/1.1 200 OK" and "HTTP 200 OK" are equal.
func statusWords(line string) string {
	_, words, _ := strings.Cut(line, " ")
	return words
}
