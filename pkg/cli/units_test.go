package cli

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSizesAreWrittenAsOpenNebulaDoes(t *testing.T) {
	t.Parallel()
	got := []string{
		size(0, 'K'), size(1024, 'K'), size(1025, 'K'), size(1536, 'M'), size(64, 'M'),
		size(16777216, 'K'), size(5<<40, 'M'), size(700, 'M'), size(13652, 'M'),
	}
	want := []string{"0K", "1024K", "1M", "1.5G", "64M", "16G", "5242880T", "700M", "13.3G"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sizes (-want +got):\n%s", diff)
	}
}

func TestSizesAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"512": 512, "8g": 8192, "0.5G": 512, "1.5tb": 1572864, "10mb": 10, " 3 ": 3} {
		if got, err := mebibytes(text, math.Floor); err != nil || got != want {
			t.Errorf("mebibytes(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "g", "-1", "1x", "1gg", "0x10", "1e40", "nan", "99999999999999999999t"} {
		if got, err := mebibytes(text, math.Floor); err == nil {
			t.Errorf("mebibytes(%q) = %d, want an error", text, got)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	got := []string{
		period(0), period(61 * time.Minute), period(25*time.Hour + 59*time.Second), period(400 * 24 * time.Hour),
		shortPeriod(15 * time.Second), shortPeriod(100*time.Hour + 61*time.Second),
	}
	want := []string{"  0d 00h00m", "  0d 01h01m", "  1d 01h00m", "400d 00h00m", "  0h00m15s", "100h01m01s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("periods (-want +got):\n%s", diff)
	}
}
