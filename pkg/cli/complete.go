package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// completionTime is how long shell completion waits for the server.
const completionTime = 2 * time.Second

// complete offers the names of objects, if the server answers in time; for files and words the
// shell's own completion is used.
func (v verb) complete(n *noun, io Stdio) cobra.CompletionFunc {
	return func(cmd *cobra.Command, words []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(words) >= len(v.args) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		a := v.args[len(words)]
		switch a.kind {
		case argObject, argObjects:
			return completeObjects(cmd, n, io)
		case argRef:
			return completeObjects(cmd, nounOf(a.refers), io)
		}
		return nil, cobra.ShellCompDirectiveDefault
	}
}

func completeObjects(cmd *cobra.Command, n *noun, io Stdio) ([]cobra.Completion, cobra.ShellCompDirective) {
	s, err := newSession(cmd, io)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	s.ctx = ctx
	pool, err := s.objects(n)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	for _, object := range pool {
		found = append(found, cobra.CompletionWithDesc(object.get("ID"), object.get("NAME")))
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
