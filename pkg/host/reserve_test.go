package host

import "testing"

func TestReservations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"": 16777216, "abc": 16777216, "1.5": 16777216, "10.5%": 16777216, "%": 16777216, "5x": 16777216,
		"1024": 16776192, " -16 ": 16777232, "+16": 16777200, "10%": 15099494, "-50%": 25165824, "100%": 0,
	} {
		if got := less(16777216, text); got != want {
			t.Errorf("%q leaves %d, want %d", text, got, want)
		}
	}
}
