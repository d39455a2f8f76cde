package sqlite

import (
	"encoding/binary"
	"math"
	"strconv"
)

// Row is a row of a table, by column names in lower case. A value is nil, int64, float64,
// string or []byte.
type Row map[string]any

// Int answers a number; 0 if it is none.
func (r Row) Int(column string) int64 {
	switch v := r[column].(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case string:
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 0
}

// Text answers a text; NULL is "".
func (r Row) Text(column string) string {
	switch v := r[column].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}

// values decodes the values of a record.
func values(record []byte) (list []any, err error) {
	size, types, ok := varint(record)
	if !ok || size < 1 || size > int64(len(record)) {
		return nil, errDamaged
	}
	types = record[len(record)-len(types) : size]
	body := record[size:]
	for len(types) > 0 {
		var kind int64
		if kind, types, ok = varint(types); !ok {
			return nil, errDamaged
		}
		n := width(kind)
		if n < 0 || n > len(body) {
			return nil, errDamaged
		}
		list = append(list, value(kind, body[:n]))
		body = body[n:]
	}
	return list, nil
}

// widths are the widths of the types below 12; those of others are computed.
var widths = [...]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1}

func width(kind int64) int {
	switch {
	case kind < 0 || kind > math.MaxInt32:
		return -1
	case kind < int64(len(widths)):
		return widths[kind]
	}
	return int(kind-12) / 2
}

func value(kind int64, b []byte) any {
	switch {
	case kind == 0:
		return nil
	case kind == 7:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	case kind == 8 || kind == 9:
		return kind - 8
	case kind < 7:
		return integer(b)
	case kind%2 == 0:
		return append([]byte(nil), b...)
	}
	return string(b)
}

// integer decodes a number in two's complement.
func integer(b []byte) int64 {
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n
}
