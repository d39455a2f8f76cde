package arch

import "slices"

// wall forbids packages of `from` to import packages of `to`, except those in `but`.
type wall struct {
	from, to, but []string
	why           string
}

// house is every package of ours.
var house = []string{"pkg", "drivers", "xmlrpc", "cmd", "templates"}

// walls are the rules that do not follow from the floors.
var walls = append([]wall{
	{[]string{"pkg/one"}, house, nil, "the vocabulary imports none of ours"},
	{[]string{"pkg/store"}, house, []string{"pkg/store"}, "the store knows no domain word"},
	{[]string{"pkg/attr", "pkg/expr", "pkg/numa", "pkg/config", "pkg/xsd", "pkg/sqlite", "pkg/pause", "templates"}, house, []string{"pkg/sqlite"}, "the ground stands on nothing"},
	{[]string{"pkg/lifecycle", "pkg/placement"}, house, []string{"pkg/one", "pkg/expr", "pkg/numa"}, "what decides is pure"},
	{[]string{"drivers"}, slices.Concat(nouns, []string{"pkg/store", "pkg/object", "pkg/effect"}), nil, "a driver sees neither store nor rules"},
	{[]string{"xmlrpc"}, slices.Concat(workers, []string{"drivers"}), nil, "a face calls rules, and no driver or worker"},
	{[]string{"pkg/cli", "pkg/client", "pkg/bench", "pkg/replay"}, house, []string{"pkg/cli", "pkg/client", "pkg/one", "pkg/xsd", "pkg/pause"}, "commands are clients like any other"},
	{[]string{"pkg/engine"}, slices.Concat(nouns, []string{"drivers"}), nil, "the engine knows no noun"},
	{workers, implementations, []string{"drivers/contextcd"}, "workers use the contracts of drivers"},
	{house, []string{"drivers/drivertest"}, nil, "only tests use the suites"},
}, betweenKinds()...)

// betweenKinds are the walls between the kinds of drivers.
func betweenKinds() (list []wall) {
	for _, kind := range kinds {
		others := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == kind })
		list = append(list, wall{[]string{kind}, others, nil, "a driver knows no other driver"})
	}
	return list
}

func (w wall) parts(from, to string) bool {
	return withinAny(from, w.from) && withinAny(to, w.to) && !withinAny(to, w.but)
}

// namedInRules lists every package in a floor or a wall.
func namedInRules() (names []string) {
	for _, f := range floors {
		names = append(names, f.rooms...)
	}
	for _, w := range walls {
		names = slices.Concat(names, w.from, w.to, w.but)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
