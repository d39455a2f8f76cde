package cli

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmSecurity prints the security groups of each NIC, and their rules.
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

// actionName is the name of an action in a history record.
func actionName(_ *view, n *node) string {
	if word := n.get("ACTION"); !digits.MatchString(word) {
		return word
	}
	return one.HistoryAction(n.int("ACTION")).String()
}
