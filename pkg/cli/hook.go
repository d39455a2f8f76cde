package cli

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func hookNoun() *noun {
	n := &noun{
		name: "hook", program: "onehook", element: "HOOK", title: "hook",
		method: "one.hook.", pool: "one.hookpool.info",
		defaults: strings.Fields("ID NAME TYPE"),
		columns: []column{
			{"ID", "ONE identifier for Hook", 4, adjust, text("ID")},
			{"NAME", "Name of the Hook", 19, left | expand, text("NAME")},
			{"TYPE", "Type of the hook", 8, left, text("TYPE")},
		},
		show: showHook,
	}
	n.verbs = slices.Concat([]verb{
		list(n), top(n), hookShow(n), hookCreate(n), deleteVerb(n), rename(n), update(n, "TEMPLATE"), hookRetry(n), hookLog(),
	}, lockVerbs(n, "Hook"))
	return n
}

func hookCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.hook.allocate", text), nil
	})
}

func hookRetry(n *noun) verb {
	return action("retry", "retried", "Run a hook again as it ran before", func(in *input, id int) (request, error) {
		execution, err := identifier(in.word(1), "execution")
		return call(n.method+"retry", id, execution), err
	}, word("execution")).single()
}

// hookShow is show, or with --execution, one execution in full.
func hookShow(n *noun) verb {
	v := show(n)
	common, run := v.flags, v.run
	return v.with(func(f *pflag.FlagSet) {
		common(f)
		f.IntP("execution", "e", -1, "one run of the hook, in full")
	}).running(func(s *session, in *input) error {
		if !in.given("execution") {
			return run(s, in)
		}
		root, _, err := s.read(call(n.method+"info", in.id()))
		if err == nil {
			s.showExecution(root, in.int("execution"))
		}
		return err
	})
}

func showHook(p *page, n *node) {
	p.form = "%-18s: %-20s"
	hookHead(p, n)
	p.blank()
	p.head("HOOK TEMPLATE")
	p.template(n.at("TEMPLATE"))
	if runs := n.all("HOOKLOG/HOOK_EXECUTION_RECORD"); len(runs) > 0 {
		p.section("EXECUTION LOG")
		p.table(executionColumns(), runs)
	}
}

func hookHead(p *page, n *node) {
	p.title("HOOK " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("TYPE", n.get("TYPE"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
}

func executionColumns() []column {
	return []column{
		{"ID", "Execution ID", 5, adjust, text("EXECUTION_ID")},
		{"TIMESTAMP", "Timestamp", 15, 0, func(_ *view, n *node) string { return layoutTime(n.int("TIMESTAMP"), "01/02 15:04") }},
		{"RC", "Return code", 5, adjust, text("EXECUTION_RESULT/CODE")},
		{"EXECUTION", "How it ended", 5, adjust, executionState},
	}
}

func executionState(_ *view, n *node) string {
	if n.int("EXECUTION_RESULT/CODE") == 0 {
		return "SUCCESS"
	}
	return "ERROR"
}

// showExecution prints one execution: its arguments and its output.
func (s *session) showExecution(hook *node, execution int) {
	p := &page{out: s.out, session: s, paint: s.painter(), form: "%-18s: %-20s"}
	hookHead(p, hook)
	p.blank()
	for _, run := range hook.all("HOOKLOG/HOOK_EXECUTION_RECORD") {
		if run.int("EXECUTION_ID") == int64(execution) {
			p.execution(run)
			return
		}
	}
	fmt.Fprintf(s.out, "Cannot find execution record %d\n", execution)
}

func (p *page) execution(run *node) {
	p.title("HOOK EXECUTION RECORD")
	p.line("EXECUTION ID", run.get("EXECUTION_ID"))
	p.line("TIMESTAMP", stamp(run.int("TIMESTAMP")))
	p.line("COMMAND", run.get("EXECUTION_RESULT/COMMAND"))
	p.line("ARGUMENTS", decodedWords(run.get("ARGUMENTS")))
	p.line("EXIT CODE", run.get("EXECUTION_RESULT/CODE"))
	for _, stream := range []string{"STDOUT", "STDERR"} {
		p.blank()
		p.title("EXECUTION " + stream)
		output, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(run.get("EXECUTION_RESULT/"+stream)), ""))
		if len(output) > 0 {
			fmt.Fprintln(p.out, strings.TrimSuffix(string(output), "\n"))
		}
	}
}

// decodedWords decodes the documents in base64 in ARGUMENTS.
func decodedWords(arguments string) string {
	words := strings.Fields(arguments)
	for i, w := range words {
		if document, err := base64.StdEncoding.DecodeString(w); err == nil && strings.HasPrefix(string(document), "<") {
			words[i] = string(document)
		}
	}
	return strings.Join(words, " ")
}

// hookLog lists executions of hooks.
func hookLog() verb {
	return verb{
		name: "log", short: "Show what hooks have run",
		flags: func(f *pflag.FlagSet) {
			f.Int("hook-id", -1, "only of this hook")
			f.Bool("error", false, "only runs that failed")
			f.Bool("success", false, "only runs that succeeded")
			f.Int("since", -1, "only after this time, in seconds since 1970")
			f.Int("until", -1, "only before this time, in seconds since 1970")
			f.BoolP("xml", "x", false, "as XML")
		},
		run: runHookLog,
	}
}

func runHookLog(s *session, in *input) error {
	code := 0
	switch {
	case in.bool("success"):
		code = 1
	case in.bool("error"):
		code = -1
	}
	root, document, err := s.read(call("one.hooklog.info", in.int("since"), in.int("until"), in.int("hook-id"), code))
	if err != nil {
		return err
	}
	if in.bool("xml") {
		fmt.Fprintln(s.out, document)
		return nil
	}
	p := &page{out: s.out, session: s, paint: s.painter()}
	if runs := root.all("HOOK_EXECUTION_RECORD"); len(runs) > 0 {
		p.table(append([]column{{"HOOK", "Hook ID", 5, adjust, text("HOOK_ID")}}, executionColumns()...), runs)
	}
	return nil
}
