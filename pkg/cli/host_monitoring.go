package cli

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/pflag"
)

// hostMonitoring prints a metric of a host over time.
func hostMonitoring() verb {
	return verb{
		name: "monitoring", short: "Show a metric of a host over time",
		long: `Show a metric of a host over time: FREE_CPU, USED_CPU, FREE_MEMORY, USED_MEMORY,
NETTX or NETRX, or a forecast of one, as USED_CPU_FORECAST.`,
		args: []arg{object, word("metric")},
		flags: func(f *pflag.FlagSet) {
			f.Bool("table", true, "as a table")
			f.String("csv", "", "as CSV with this separator")
			f.Int("n", 8, "how many of the newest values")
			f.String("start", "", "only values from this time on")
			f.String("end", "", "only values until this time")
			f.String("unit", "G", "unit of memory: K, M, G or T")
		},
		run: runHostMonitoring,
	}
}

func runHostMonitoring(s *session, in *input) error {
	metric, unit := strings.ToUpper(in.word(1)), strings.Index(suffixes, in.text("unit"))
	if len(in.text("unit")) != 1 || unit < 0 {
		return sayf("Invalid unit `%s`", in.text("unit"))
	}
	data, _, err := s.read(call("one.host.monitoring", in.id()))
	if err != nil {
		return err
	}
	found, period, err := s.between(in, samples(data, metric))
	if err != nil {
		return err
	}
	title := fmt.Sprintf("Host %d %s ", in.id(), metric)
	if strings.Contains(metric, "_MEMORY") {
		title += "in " + in.text("unit") + "B "
		for i := range found {
			found[i].inUnit(unit)
		}
	}
	shown := found[max(0, len(found)-in.int("n")):]
	if in.given("csv") {
		s.printSamples(in.text("csv"), shown)
		return nil
	}
	s.sampleTable(title+period, shown)
	return nil
}

// measure is a value of a metric.
type measure struct {
	at    int64
	value string
}

func (m measure) clock() string { return layoutTime(m.at, "15:04") }

func day(at int64) string { return layoutTime(at, "02/01/2006 15:04") }

// inUnit converts a value in KiB to another unit, given by its index among the suffixes.
func (m *measure) inUnit(unit int) {
	value := (&node{kids: []*node{{name: "V", text: m.value}}}).float("V") / math.Pow(1024, float64(unit))
	m.value = decimal(hundredths(value)) + " " + suffixes[unit:unit+1] + "B"
}

// samples are the records with the metric: time and value.
func samples(data *node, metric string) (found []measure) {
	for _, record := range data.all("MONITORING") {
		for _, section := range []string{"CAPACITY", "SYSTEM"} {
			if value := record.get(section + "/" + metric); value != "" {
				found = append(found, measure{record.int("TIMESTAMP"), value})
			}
		}
	}
	return found
}

// between answers the samples in the requested period, and that period; a missing bound is that
// of the samples.
func (s *session) between(in *input, all []measure) (found []measure, period string, err error) {
	if len(all) == 0 {
		return nil, "", sayf("No monitoring data found")
	}
	start, end := all[0].at, all[len(all)-1].at
	for name, bound := range map[string]*int64{"start": &start, "end": &end} {
		if !in.given(name) {
			continue
		}
		t, err := parseWhen(in.text(name), s.io.now())
		if err != nil {
			return nil, "", err
		}
		*bound = t.Unix()
	}
	for _, m := range all {
		if m.at >= start && m.at <= end {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		const form = "2006-01-02 15:04:05 -0700"
		return nil, "", sayf("No monitoring data found between %s and %s", layoutTime(start, form), layoutTime(end, form))
	}
	return found, "from " + day(start) + " to " + day(end), nil
}

func (s *session) printSamples(separator string, shown []measure) {
	fmt.Fprintln(s.out, "TIME"+separator+"VALUE")
	for _, m := range shown {
		fmt.Fprintln(s.out, m.clock()+separator+m.value)
	}
}

func (s *session) sampleTable(title string, shown []measure) {
	p := &page{out: s.out, session: s, paint: s.painter()}
	fmt.Fprintf(s.out, "\n%s\n\n", p.paint.header(title))
	var rows []*node
	for _, m := range shown {
		rows = append(rows, nodeOf("TIME", m.clock(), "VALUE", m.value))
	}
	p.table([]column{{"TIME", "", 8, 0, text("TIME")}, {"VALUE", "", 8, 0, text("VALUE")}}, rows)
}
