package config

import (
	"strings"
	"testing"
)

func TestCheckEnvSuggestsASetting(t *testing.T) {
	t.Parallel()
	for _, fine := range []string{
		"RENKEI_SCHEDULER_ENABLED=false", "RENKEI_LISTEN=x", "RENKEI_TEST_LIBVIRT=1", "RENKEI_AUTH=file", "RENKEI_STATE=dir",
		"SCHEDULER_ENABLE=1", "RENKEI_LIMITS_BODY_MIB=3",
	} {
		if err := CheckEnv([]string{"PATH=/bin", fine}); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
	err := CheckEnv([]string{"HOME=/", "RENKEI_SCHEDULER_ENABLE=false"})
	if err == nil || !strings.Contains(err.Error(), "RENKEI_SCHEDULER_ENABLE") || !strings.Contains(err.Error(), `"scheduler.enabled"`) {
		t.Errorf("got %v, want an error that names the setting that is meant", err)
	}
}
