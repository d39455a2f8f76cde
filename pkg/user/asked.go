package user

import (
	"context"
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Asker runs external authentication drivers.
type Asker interface {
	// Ask returns what a driver says of a user whom it accepts. secret is from the session,
	// password is what is stored for the user.
	Ask(ctx context.Context, driver, name, password, secret string) (reply string, err error)
}

// byDriver has an external driver check a session: the user's own, or DEFAULT_AUTH for an
// unknown user. asked is false if there is no such driver.
func (s *Service) byDriver(ctx context.Context, text string, ses session, now time.Time) (who identity, in, asked bool) {
	if s.settings.Asker == nil {
		return identity{}, false, false
	}
	u, known := Kind.Named(s.store.Read(), ses.name, 0)
	driver, password := s.settings.DefaultDriver, ""
	if known {
		driver, password = u.AuthDriver, u.Secret
	}
	if driver == "" || !isProgram(driver) || known && !u.Enabled || CheckName(ses.name) != nil {
		return identity{}, false, false
	}
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-ctx.Done():
		return identity{}, false, true
	}
	if who, in := s.known.find(s.store.Read(), text, now); in { // another call has authenticated it meanwhile
		return who, true, true
	}
	reply, err := s.settings.Asker.Ask(ctx, driver, ses.name, password, ses.secret)
	if err == nil {
		if u, err = s.applyReply(ctx, u, known, reply); err == nil {
			who = s.identify(u, now)
			who.byPass = true
			if u.Name == ses.name {
				s.known.keep(text, who)
			}
			return who, true, true
		}
	}
	s.settings.Log.Warn().Err(err).Str("driver", driver).Str("user", ses.name).Msg("not authenticated")
	return identity{}, false, true
}

// applyReply applies the driver's reply: it makes an unknown user, or updates the groups of a
// known one. It returns the user after that.
func (s *Service) applyReply(ctx context.Context, u *User, known bool, reply string) (*User, error) {
	if known && !s.settings.Drivers[u.AuthDriver].Groups {
		return u, nil
	}
	r, err := ParseReply(reply)
	if err != nil {
		return nil, err
	}
	if known {
		return s.follow(ctx, u, r)
	}
	return s.admit(ctx, r)
}

func (s *Service) follow(ctx context.Context, u *User, r Reply) (now *User, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := Follow(tx, u.ID, r, s.settings.Drivers[u.AuthDriver]); err != nil {
			return err
		}
		now, err = Kind.Get(tx, u.ID)
		return err
	})
	return now, err
}

// admit makes a user that a driver has accepted. The password is hashed before the transaction
// because that is slow.
func (s *Service) admit(ctx context.Context, r Reply) (now *User, err error) {
	if err := s.settings.Drivers.CheckNew(r.Name, r.Driver, r.Secret); err != nil {
		return nil, err
	}
	secret, err := Secret(r.Driver, r.Secret, s.settings.Cost)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		id, err := Admit(tx, r, secret, s.settings.Drivers[r.Driver])
		if err != nil {
			return err
		}
		now, err = Kind.Get(tx, id)
		return err
	})
	return now, err
}
