package one

import "context"

func systemMethods() []method {
	return []method{
		{name: "one.system.version", do: systemVersion},
		{name: "one.system.config", may: adminsOnly, do: systemConfig},
	}
}

// systemVersion answers the OpenNebula version that clients are to take us for.
func systemVersion(_ context.Context, s *Server, _ *call) (any, error) { return s.Version, nil }

// systemConfig answers the configuration as oned's document.
func systemConfig(_ context.Context, s *Server, _ *call) (any, error) {
	return string(s.Config.AppendXML(nil, "OPENNEBULA_CONFIGURATION")), nil
}
