package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/pflag"
)

// zoneVerbs change zones and the servers in them.
func zoneVerbs(n *noun) []verb {
	set := func(on bool) func(*input, int) (request, error) {
		return func(_ *input, id int) (request, error) { return call("one.zone.enable", id, on), nil }
	}
	return []verb{
		create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
			return call("one.zone.allocate", text), nil
		}),
		deleteVerb(n), rename(n), update(n, "TEMPLATE"),
		action("enable", "enable zone", "Enable zones", set(true)),
		action("disable", "disable zone", "Let zones only be looked at", set(false)),
		zoneAddServer(),
		callWith("server-del", "server deleted", "Take a server out of a zone", "one.zone.delserver", number("server id")),
		callWith("server-reset", "server reset", "Have a follower fetch everything anew", "one.zone.resetserver", number("server id")),
		zoneSet(n),
	}
}

var webForm = regexp.MustCompile(`^https?://`)

func zoneAddServer() verb {
	return action("server-add", "server added", "Add a server to a zone", func(in *input, id int) (request, error) {
		if !in.given("name") || !in.given("rpc") && !in.given("grpc-endpoint") {
			return request{}, sayf("To add a server set:\n\t-n <server name>\n\t-r <XML-RPC endpoint>\n\t-g <gRPC endpoint>")
		}
		if rpc := in.text("rpc"); rpc != "" && !webForm.MatchString(rpc) {
			return request{}, sayf("Wrong protocol specified. Only http or https allowed!")
		}
		text := fmt.Sprintf("SERVER = [ NAME=%s, ENDPOINT=%s, ENDPOINT_GRPC=%s ]",
			quote(in.text("name")), quote(in.text("rpc")), quote(in.text("grpc-endpoint")))
		return call("one.zone.addserver", id, text), nil
	}).single().with(func(f *pflag.FlagSet) {
		f.StringP("name", "n", "", "name of the server")
		f.StringP("rpc", "r", "", "its XML-RPC endpoint")
		f.StringP("grpc-endpoint", "g", "", "its gRPC endpoint")
	})
}

// zoneSet makes the commands use another zone from now on.
func zoneSet(n *noun) verb {
	return action("set", "", "Talk to a zone from now on", nil).single().with(func(f *pflag.FlagSet) {
		f.BoolP("keep", "k", false, "only print what makes this shell do so")
	}).running(func(s *session, in *input) error {
		zone, _, err := s.read(n.infoRequest(in.id()))
		if err != nil {
			return err
		}
		endpoint := zone.get("TEMPLATE/ENDPOINT")
		if endpoint == "" {
			return sayf("No Endpoint defined for Zone %d", in.id())
		}
		if in.bool("keep") {
			fmt.Fprintln(s.out, "Type: export ONE_XMLRPC="+endpoint)
			return nil
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		path := filepath.Join(home, ".one", "one_endpoint")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("making the directory of the endpoint: %w", err)
		}
		if err := os.WriteFile(path, []byte(endpoint+"\n"), 0o600); err != nil {
			return fmt.Errorf("keeping the endpoint: %w", err)
		}
		fmt.Fprintf(s.out, "Endpoint changed to %q in %s\n", endpoint, path)
		return nil
	})
}
