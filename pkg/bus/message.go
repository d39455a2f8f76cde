package bus

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// topics are what subscribers ask for by prefix. The space at the end of most
// keeps VM 1 from being a prefix of VM 11.
func topics(e hook.Event) []string {
	if e.IsCall() {
		return []string{fmt.Sprintf("EVENT API %s %s", e.Call, digit(e.OK))}
	}
	list := []string{
		fmt.Sprintf("EVENT %s %d/%s/%s ", e.Object, e.ID, e.State, e.LCM),
		fmt.Sprintf("EVENT STATE %s/%s/%s/%d ", e.Object, e.State, e.LCM, e.ID),
	}
	if e.Service != "" {
		list = append(list, fmt.Sprintf("EVENT SERVICE %s ", e.Service))
	}
	return list
}

func digit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// message is HOOK_MESSAGE as base64.
func message(e hook.Event, r store.Reader) []byte {
	var b strings.Builder
	b.WriteString("<HOOK_MESSAGE>")
	if e.IsCall() {
		element(&b, "HOOK_TYPE", "API")
		element(&b, "CALL", e.Call)
	} else {
		element(&b, "HOOK_TYPE", "STATE")
		state(&b, e)
	}
	b.Write(e.Body(r))
	b.WriteString("</HOOK_MESSAGE>")
	text := b.String()
	return base64.StdEncoding.AppendEncode(nil, []byte(text))
}

// state writes the head of an object's event; each kind has an order of its own.
func state(b *strings.Builder, e hook.Event) {
	element(b, "HOOK_OBJECT", e.Object)
	element(b, "STATE", e.State)
	id := fmt.Sprint(e.ID)
	switch e.Object {
	case "VM":
		element(b, "LCM_STATE", e.LCM)
		element(b, "RESOURCE_ID", id)
		if e.Service != "" {
			element(b, "SERVICE_ID", e.Service)
		}
		element(b, "REMOTE_HOST", e.Host)
	case "HOST":
		element(b, "REMOTE_HOST", e.Host)
		element(b, "RESOURCE_ID", id)
	default:
		element(b, "RESOURCE_ID", id)
	}
}

func element(b *strings.Builder, tag, text string) {
	if text == "" {
		b.WriteString("<" + tag + "/>")
		return
	}
	b.WriteString("<" + tag + ">")
	_ = xml.EscapeText(b, []byte(text)) // a Builder never fails
	b.WriteString("</" + tag + ">")
}
