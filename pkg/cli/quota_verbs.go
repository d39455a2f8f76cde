package cli

// batchQuota is the verb that sets the same quotas for several users or groups. Quotas that are
// not in the template are not changed.
func batchQuota(n *noun) verb {
	return verb{
		name: "batchquota", short: "Set the quotas of several " + n.title + "s",
		args: []arg{objects, file},
		run: func(s *session, in *input) error {
			text, err := s.template(in, in.word(1), func() (string, error) { return "", nil })
			if err != nil {
				return err
			}
			return s.each(in, "modified", func(id int) error {
				object, _, err := s.read(n.infoRequest(id))
				if err == nil {
					_, err = s.call(call(n.method+"quota", id, join(quotaText(object), text)))
				}
				return err
			})
		},
	}
}

// defaultQuota is the verb that edits the default quotas.
func defaultQuota(n *noun) verb {
	method := "one." + n.name + "quota."
	return verb{
		name: "defaultquota", short: "Set the default quotas of " + n.title + "s",
		args: []arg{file},
		run: func(s *session, in *input) error {
			quotas, _, err := s.read(call(method + "info"))
			if err != nil {
				return err
			}
			text, err := s.template(in, in.word(0), func() (string, error) { return quotaText(quotas), nil })
			if err != nil {
				return err
			}
			_, err = s.call(call(method+"update", text))
			return err
		},
	}
}
