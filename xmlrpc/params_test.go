package xmlrpc

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCheckArgsFromLast(t *testing.T) {
	t.Parallel()
	params := []Param{{Type: Int}, {Type: String}, {Type: Bool, Optional: true, Default: true}}
	_, err := CheckArgs(params, []any{"x", int32(1)})
	wantFault(t, err, CodeType, "Parameter that is supposed to be integer is not")
	_, err = CheckArgsFromLast(params, []any{"x", int32(1)})
	wantFault(t, err, CodeType, "Parameter that is supposed to be a string is not")
	_, err = CheckArgsFromLast(params, []any{"x"})
	wantFault(t, err, CodeType, "Not enough parameters")
	_, err = CheckArgsFromLast(params, []any{"x", int32(1)}, 0)
	wantFault(t, err, CodeType, "Parameter that is supposed to be integer is not")
	_, err = CheckArgsFromLast(params, []any{int32(1), int32(1), "x"}, 0)
	wantFault(t, err, CodeType, "Parameter that is supposed to be boolean is not")
	_, err = CheckArgsFromLast(params, []any{int32(1), int32(1), "x"}, 0, 1)
	wantFault(t, err, CodeType, "Parameter that is supposed to be a string is not")
	if got, err := CheckArgsFromLast(params, []any{int32(1), "x"}); err != nil || !cmp.Equal(got, []any{int32(1), "x", true}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCheckArgs(t *testing.T) {
	t.Parallel()
	params := []Param{
		{Name: "session", Type: String},
		{Name: "id", Type: Int},
		{Name: "size", Type: Int8, Optional: true, Default: int64(-1)},
		{Name: "any", Optional: true, Default: nil},
	}
	tests := map[string]struct {
		args, want []any
		text       string // text of the fault
	}{
		"all":           {[]any{"a", int32(1), int64(2), true}, []any{"a", int32(1), int64(2), true}, ""},
		"defaults":      {[]any{"a", int32(1)}, []any{"a", int32(1), int64(-1), nil}, ""},
		"surplus":       {[]any{"a", int32(1), int64(2), true, "x", "y"}, []any{"a", int32(1), int64(2), true}, ""},
		"int for i8":    {[]any{"a", int32(1), int32(2)}, nil, "Parameter that is supposed to be 64-bit integer is not"},
		"too few":       {[]any{"a"}, nil, "Not enough parameters"},
		"none":          {nil, nil, "Not enough parameters"},
		"i8 for int":    {[]any{"a", int64(1)}, nil, "Parameter that is supposed to be integer is not"},
		"nil for int":   {[]any{"a", nil}, nil, "Parameter that is supposed to be integer is not"},
		"wrong first":   {[]any{int32(1)}, nil, "Parameter that is supposed to be a string is not"},
		"wrong default": {[]any{"a", int32(1), "x"}, nil, "Parameter that is supposed to be 64-bit integer is not"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := CheckArgs(params, tt.args)
			if tt.text != "" {
				wantFault(t, err, CodeType, tt.text)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestTypes passes values of every type to parameters of every type.
func TestTypes(t *testing.T) {
	t.Parallel()
	values := map[Type]any{
		String: "a", Int: int32(1), Int8: int64(1), Bool: true, Double: 1.5, DateTime: time.Time{},
		Base64: []byte{1}, ArrayType: []any{1}, StructType: Struct{}, NilType: nil,
	}
	for want := range values {
		for got, v := range values {
			_, err := CheckArgs([]Param{{Type: want}}, []any{v})
			if fits := want == got; fits != (err == nil) {
				t.Errorf("a value of type %v for %v: got %v", got, want, err)
			}
			if _, err := CheckArgs([]Param{{Type: AnyType}}, []any{v}); err != nil {
				t.Errorf("a value of type %v for any: got %v", got, err)
			}
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	r := New()
	a := Method{Name: "a", Handle: handleValue(1)}
	for name, methods := range map[string][]Method{
		"no name": {{Handle: a.Handle}}, "no handler": {{Name: "b"}}, "twice": {a, a},
		"taken": {{Name: "system.multicall", Handle: a.Handle}}, "one of two": {a, {}},
	} {
		if err := r.Add(methods...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, ok := r.Lookup("a"); ok {
		t.Error("a method was entered beside one that was refused")
	}
	if err := r.Add(a); err != nil {
		t.Error(err)
	}
	if _, ok := r.Lookup("a"); !ok || r.Names()[len(r.Names())-1] != "a" {
		t.Errorf("the method is not there: %v", r.Names())
	}
}

func TestMulticallLimit(t *testing.T) {
	t.Parallel()
	r := demo(t)
	call := Struct{{"methodName", "demo.echo"}, {"params", []any{}}}
	calls := make([]any, mostCalls+1)
	for i := range calls {
		calls[i] = call
	}
	v, err := r.Dispatch(t.Context(), &Call{Method: "system.multicall", Args: []any{calls[:mostCalls]}})
	if results, ok := v.([]any); !ok || err != nil || len(results) != mostCalls {
		t.Errorf("got %d results, want %d; %v", len(results), mostCalls, err)
	}
	_, err = r.Dispatch(t.Context(), &Call{Method: "system.multicall", Args: []any{calls}})
	wantFault(t, err, CodeLimitExceeded, "A system.multicall takes 1000 calls at most.  You supplied 1001")
}
