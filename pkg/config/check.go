package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check reports all invalid values at once, in the order of the fields of Config.
func (c *Config) check() error {
	return errors.Join(
		c.checkListen(),
		c.checkListeners(),
		c.checkTLS(),
		between("limits.body_mib", c.Limits.BodyMiB, 1, 1024),
		between("limits.connections", c.Limits.Connections, 1, 1000000),
		atLeast("limits.call_timeout", c.Limits.CallTimeout, time.Second),
		atLeast("limits.drain_grace", c.Limits.DrainGrace, 0),
		between("auth.hash_cost", c.Auth.HashCost, 4, 16),
		between("auth.concurrency", c.Auth.Concurrency, 1, 1024),
		atLeast("auth.timeout", c.Auth.Timeout, time.Second),
		atLeast("auth.session_expiration", c.Auth.SessionExpiration, 0),
		c.checkUmask(),
		c.checkAuthDrivers(),
		oneOf("one22.hypervisor", c.One22.Hypervisor, "kvm", "qemu", "dummy"),
		c.checkNetworkDrivers(),
		oneOf("one22.network", c.One22.Network, "bridge", "dummy"),
		oneOf("scheduler.policy", c.Scheduler.Policy, "pack", "stripe", "load"),
		atLeast("scheduler.plan_every", c.Scheduler.PlanEvery, 0),
		atLeast("scheduler.plan_timeout", c.Scheduler.PlanTimeout, time.Second),
		between("scheduler.moves_per_host", c.Scheduler.MovesPerHost, 1, 1024),
		between("scheduler.moves_per_cluster", c.Scheduler.MovesPerCluster, 1, 1024),
		between("engine.per_host", c.Engine.PerHost, 1, 1024),
		between("engine.shared", c.Engine.Shared, 0, 1000000),
		between("engine.front_end", c.Engine.FrontEnd, 1, 1024),
		between("engine.attempts", c.Engine.Attempts, 1, 100),
		atLeast("engine.pause", c.Engine.Pause, shortest),
		atLeast("engine.shutdown", c.Engine.Shutdown, shortest),
		between("monitor.samples", c.Monitor.Samples, 1, 100000),
		atLeast("monitor.host", c.Monitor.Host, shortest),
		atLeast("monitor.vm", c.Monitor.VM, shortest),
		atLeast("monitor.datastore", c.Monitor.Datastore, shortest),
		atLeast("monitor.market", c.Monitor.Market, shortest),
		checkURL("markets.one", c.Markets.One),
		checkURL("markets.linuxcontainers", c.Markets.LinuxContainers),
		c.checkMAC(),
		oneOf("libvirt.domain", c.Libvirt.Domain, "auto", "kvm", "qemu"),
		atLeast("dummy.delay", c.Dummy.Delay, 0),
		between("rvpe.user_limit", c.RVPE.UserLimit, 0, 1000000),
		between("rvpe.image_max_gib", c.RVPE.ImageMaxGiB, 1, 1000000),
		between("rvpe.chunk_kib", c.RVPE.ChunkKiB, 1, c.Limits.BodyMiB<<10*2/3),
		atLeast("rvpe.transfer_life", c.RVPE.TransferLife, time.Minute),
		atLeast("rvpe.killer.after", c.RVPE.Killer.After, 0),
		atLeast("rvpe.killer.every", c.RVPE.Killer.Every, time.Second),
		between("hooks.concurrency", c.Hooks.Concurrency, 1, 1024),
		between("hooks.log_retention", c.Hooks.LogRetention, 1, 1<<20),
		oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error"),
		oneOf("log.format", c.Log.Format, "auto", "console", "json"),
	)
}

// checkURL takes the URL of a web server, or none.
func checkURL(key, value string) error {
	u, err := url.Parse(value)
	if value == "" || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	return fmt.Errorf("%s: %q is no URL, such as https://marketplace.example/", key, value)
}

func (c *Config) checkListen() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen: %q is not an address and a port, such as 127.0.0.1:2633", c.Listen)
	}
	if !strings.HasPrefix(c.Path, "/") {
		return fmt.Errorf("path: %q must begin with a slash", c.Path)
	}
	return nil
}

// checkListeners checks listeners, as far as that is possible without knowing the faces.
func (c *Config) checkListeners() error {
	var errs []error
	for i, l := range c.Listeners {
		key := fmt.Sprintf("listeners[%d]", i)
		if l.Face == "" {
			errs = append(errs, fmt.Errorf("%s.face: say which: one, one22 or rvpe", key))
		}
		if _, _, err := net.SplitHostPort(l.Listen); l.Listen != "" && err != nil {
			errs = append(errs, fmt.Errorf("%s.listen: %q is not an address and a port, such as 127.0.0.1:2634", key, l.Listen))
		}
		for _, path := range l.Paths {
			if path != "*" && !strings.HasPrefix(path, "/") {
				errs = append(errs, fmt.Errorf("%s.paths: %q must begin with a slash, or be *", key, path))
			}
		}
		if l.TLS && c.TLS.Cert == "" {
			errs = append(errs, fmt.Errorf("%s.tls: there is no certificate, see tls.cert", key))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) checkAuthDrivers() error {
	var errs []error
	for i, d := range c.Auth.Drivers {
		if d.Name == "" || strings.ContainsAny(d.Name, "/ ") {
			errs = append(errs, fmt.Errorf("auth.drivers[%d].name: %q is no name of a driver", i, d.Name))
		}
		if d.MaxTokenTime < -1 {
			errs = append(errs, fmt.Errorf("auth.drivers[%d].max_token_time: %d is less than -1", i, d.MaxTokenTime))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) checkUmask() error {
	if n, err := strconv.ParseInt(c.Auth.Umask, 8, 32); err != nil || n < 0 || n > 0o777 {
		return fmt.Errorf("auth.umask: %q is not an octal number up to 777", c.Auth.Umask)
	}
	return nil
}

func (c *Config) checkTLS() error {
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		return errors.New("tls: name both cert and key, or neither")
	}
	return nil
}

func oneOf(key, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %s", key, value, strings.Join(allowed, ", "))
}

func between(key string, value, low, high int) error {
	if value < low || value > high {
		return fmt.Errorf("%s: %d is not between %d and %d", key, value, low, high)
	}
	return nil
}

// shortest is the shortest possible interval.
const shortest = 10 * time.Millisecond

func atLeast(key string, value, low time.Duration) error {
	if value < low {
		return fmt.Errorf("%s: %v is less than %v; write 30s or 5m, say", key, value, low)
	}
	return nil
}

// checkNetworkDrivers accepts all drivers of oned.conf, because simulated hosts have all kinds
// of networks.
func (c *Config) checkNetworkDrivers() error {
	var errs []error
	for _, name := range c.Network.Drivers {
		errs = append(errs, oneOf("network.drivers", name, NetworkDrivers()...))
	}
	return errors.Join(errs...)
}

// NetworkDrivers are the drivers of oned.conf, whether they are implemented for real hosts or
// not.
func NetworkDrivers() []string {
	return []string{"802.1Q", "bridge", "dummy", "elastic", "fw", "nodeport", "ovswitch", "ovswitch_vxlan", "vxlan"}
}

func (c *Config) checkMAC() error {
	if _, err := c.MACPrefix(); err != nil {
		return fmt.Errorf("network.mac_prefix: %q is not two bytes such as 02:00", c.Network.MACPrefix)
	}
	return nil
}
