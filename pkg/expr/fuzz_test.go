package expr

import (
	"math"
	"testing"
)

func FuzzRequirement(f *testing.F) {
	for _, s := range []string{`("CLUSTERS/ID" @> 0) & !(NAME = "gpu*") | ID > -1`, `CURRENT_VMS != 3`, `NAME="[[:digit:]-`, `!!(A`, `A=1.5e`} {
		f.Add(s, "10.5e3 GB")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		r, err := Parse(text)
		o := object{"NAME": {value}, "ID": {"7", value}, "A": nil}
		if err != nil && r.root != nil {
			t.Errorf("%q is both read and refused", text)
		}
		if met, why := r.Eval(o), r.Explain(o); met != (why == "") {
			t.Errorf("%q is %v, explained by %q", text, met, why)
		}
	})
}

func FuzzRank(f *testing.F) {
	for _, s := range []string{`ID * 2 - "A" / (1.5 + -ID)`, `--1`, `((`, `1/0`} {
		f.Add(s, "1e309")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		r, err := ParseRank(text)
		if err != nil && r.root != nil {
			t.Errorf("%q is both read and refused", text)
		}
		if v := r.Eval(object{"ID": {value}}); math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("%q is %v of %q", text, v, value)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(`("CLUSTERS/ID" @> 0 | "CLUSTERS/ID" @> 100) & !(NAME = "gpu*") & FREE_CPU > 100`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	r, err := Parse(`("CLUSTERS/ID" @> 0 | "CLUSTERS/ID" @> 100) & !(NAME = "gpu*") & FREE_CPU > 100`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !r.Eval(host) {
			b.Fatal("the host is not taken")
		}
	}
}

func BenchmarkRank(b *testing.B) {
	r, err := ParseRank(`FREE_MEM - 10 * ID`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Eval(host)
	}
}
