package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// hostMonitoring shows one metric of a host over time.
func hostMonitoring() verb {
	return verb{
		name: "monitoring", short: "Show a metric of a host over time",
		long: `Show a metric of a host over time: FREE_CPU, USED_CPU, FREE_MEMORY, USED_MEMORY,
NETTX or NETRX. Memory is in KiB.`,
		args: []arg{object, word("metric")},
		flags: func(f *pflag.FlagSet) {
			f.Bool("table", true, "as a table")
			f.String("csv", "", "as CSV with this separator")
			f.Int("n", 8, "how many of the newest values")
		},
		run: func(s *session, in *input) error {
			data, _, err := s.read(call("one.host.monitoring", in.id()))
			if err != nil {
				return err
			}
			records := samples(data, strings.ToUpper(in.word(1)))
			if len(records) == 0 {
				return fmt.Errorf("no monitoring data of %s found", strings.ToUpper(in.word(1)))
			}
			s.printSamples(in, records[max(0, len(records)-in.int("n")):])
			return nil
		},
	}
}

// samples are time and value of each record that has the metric.
func samples(data *node, metric string) [][2]string {
	var found [][2]string
	for _, record := range data.all("MONITORING") {
		for _, section := range []string{"CAPACITY", "SYSTEM"} {
			if value := record.get(section + "/" + metric); value != "" {
				clock := time.Unix(record.int("TIMESTAMP"), 0).Format("15:04:05")
				found = append(found, [2]string{clock, value})
			}
		}
	}
	return found
}

func (s *session) printSamples(in *input, records [][2]string) {
	form := "%8s %10s\n"
	if in.given("csv") {
		form = "%s" + strings.ReplaceAll(in.text("csv"), "%", "%%") + "%s\n"
	}
	fmt.Fprintf(s.out, form, "TIME", "VALUE")
	for _, record := range records {
		fmt.Fprintf(s.out, form, record[0], record[1])
	}
}
