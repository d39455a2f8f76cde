package attr

import "testing"

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(typicalText)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(typicalText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFromXML(b *testing.B) {
	doc := typical(b).AppendXML(nil, "TEMPLATE")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromXML(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendXML(b *testing.B) {
	tree := typical(b)
	dst := tree.AppendXML(nil, "TEMPLATE")
	b.SetBytes(int64(len(dst)))
	b.ReportAllocs()
	for b.Loop() {
		dst = tree.AppendXML(dst[:0], "TEMPLATE")
	}
}

func BenchmarkClone(b *testing.B) {
	tree := typical(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = tree.Clone()
	}
}

func BenchmarkMarshalCBOR(b *testing.B) {
	tree := typical(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tree.MarshalCBOR(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnmarshalCBOR(b *testing.B) {
	data, _ := typical(b).MarshalCBOR()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var t Template
		if err := t.UnmarshalCBOR(data); err != nil {
			b.Fatal(err)
		}
	}
}
