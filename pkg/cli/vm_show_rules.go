package cli

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmSecurity shows which security groups guard which device, and their rules.
func (p *page) vmSecurity(n *node) {
	rules := n.all("TEMPLATE/SECURITY_GROUP_RULE")
	if len(rules) == 0 {
		return
	}
	p.section("SECURITY")
	p.blank()
	p.table([]column{
		{"NIC_ID", "", 6, 0, text("NIC_ID")},
		{"NETWORK", "", 25, left, text("NETWORK")},
		{"SECURITY_GROUPS", "", 47, left, text("SECURITY_GROUPS")},
	}, append(n.all("TEMPLATE/NIC"), n.all("TEMPLATE/NIC_ALIAS")...))
	p.section("SECURITY GROUP   TYPE     PROTOCOL NETWORK                       RANGE          ")
	p.table([]column{
		{"ID", "", 4, 0, text("SECURITY_GROUP_ID")},
		{"NAME", "", 11, left, text("SECURITY_GROUP_NAME")},
		{" ", "", 8, left, text("RULE_TYPE")},
		{"  ", "", 8, left, ruleProtocol},
		{"VNET", "", 4, 0, text("NETWORK_ID")},
		{"START", "", 17, left | adjust, func(_ *view, rule *node) string { return rule.or("IP", rule.get("MAC")) }},
		{"SIZE", "", 6, left | adjust, text("SIZE")},
		{"   ", "", 15, left | adjust, text("RANGE")},
	}, rules)
}

func ruleProtocol(_ *view, rule *node) string {
	protocol := rule.get("PROTOCOL")
	if strings.EqualFold(protocol, "ICMP") && rule.has("ICMP_TYPE") {
		return protocol + "-" + rule.get("ICMP_TYPE")
	}
	return protocol
}

// vmSchedule shows what is to be done with the VM later.
func (p *page) vmSchedule(n *node) {
	actions := n.all("TEMPLATE/SCHED_ACTION")
	if len(actions) == 0 {
		return
	}
	p.section("SCHEDULED ACTIONS")
	p.table([]column{
		{"ID", "", 3, adjust, text("ID")},
		{"ACTION", "", 15, left | adjust, actionName},
		{"ARGS", "", 10, left | adjust, textOr("ARGS", "-")},
		{"SCHEDULED", "", 15, 0, scheduledAt},
		{"DONE", "", 15, 0, func(_ *view, n *node) string { return stamp(max(0, n.int("DONE"))) }},
		{"MESSAGE", "", 35, left | adjust, text("MESSAGE")},
	}, actions)
}

// actionName is the word for an action, which oned stores as one.
func actionName(_ *view, n *node) string {
	if word := n.get("ACTION"); !digits.MatchString(word) {
		return word
	}
	return one.HistoryAction(n.int("ACTION")).String()
}

// scheduledAt is a time, or how long after the VM's start.
func scheduledAt(_ *view, n *node) string {
	if when := n.get("TIME"); strings.HasPrefix(when, "+") {
		return when
	}
	return stamp(n.int("TIME"))
}
