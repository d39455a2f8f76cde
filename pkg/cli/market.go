package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func marketNoun() *noun {
	n := &noun{
		name: "market", program: "onemarket", element: "MARKETPLACE", title: "marketplace",
		method: "one.market.", pool: "one.marketpool.info",
		defaults: strings.Fields("ID NAME SIZE AVAIL APPS MAD ZONE STAT"),
		columns: []column{
			{"ID", "ONE identifier for the Marketplace", 4, adjust, text("ID")},
			{"USER", "Username of the Marketplace owner", 8, left, ownerName},
			{"GROUP", "Group of the Marketplace", 8, left, groupName},
			{"NAME", "Name of the Marketplace", 15, left | expand, text("NAME")},
			{"SIZE", "Marketplace total size", 10, 0, sizeOf("TOTAL_MB")},
			{"AVAIL", "Marketplace free size", 10, left, marketAvailable},
			{"APPS", "Number of marketplace apps", 6, 0, count("MARKETPLACEAPPS/ID")},
			{"MAD", "Marketplace driver", 7, left, text("MARKET_MAD")},
			{"ZONE", "Zone ID", 4, 0, text("ZONE_ID")},
			{"STAT", "Marketplace status", 4, left, marketStat},
		},
		show: showMarket,
	}
	n.verbs = slices.Concat([]verb{
		list(n), show(n), marketCreate(n), deleteVerb(n), rename(n), update(n, "TEMPLATE"),
	}, enableVerbs(n), ownedVerbs(n))
	return n
}

func marketCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.market.allocate", text), nil
	})
}

func marketState(n *node) one.MarketState { return one.MarketState(n.int("STATE")) }

// marketStat is on or off.
func marketStat(_ *view, n *node) string {
	if marketState(n) == one.MarketDisabled {
		return "off"
	}
	return marketState(n).Short()
}

// marketAvailable is the free space; "-" if the size is unknown.
func marketAvailable(_ *view, n *node) string {
	if n.int("TOTAL_MB") == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", math.Round(n.float("FREE_MB")/n.float("TOTAL_MB")*100))
}

func showMarket(p *page, n *node) {
	p.title("MARKETPLACE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("STATE", marketState(n).String())
	p.line("MARKET_MAD", n.get("MARKET_MAD"))
	p.section("MARKETPLACE CAPACITY")
	p.line("TOTAL:", size(n.int("TOTAL_MB"), 'M'))
	p.line("FREE:", size(n.int("FREE_MB"), 'M'))
	p.line("USED: ", size(n.int("USED_MB"), 'M'))
	p.blank()
	p.permissions(n)
	p.section("MARKETPLACE TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.ids("MARKETAPPS", n.texts("MARKETPLACEAPPS/ID"))
}
