package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// filter is a condition of --filter, such as STAT=runn.
type filter struct {
	column int
	op     string
	right  string
}

// Longer operators first, or <= would be parsed as <.
var filterForm = regexp.MustCompile(`^(.*?)(!=|<=|>=|=|<|>|~)(.*)$`)

// keep removes the rows that do not match all conditions, or any of them with --operator OR.
// columns are the columns of the cells.
func keep(cells [][]string, columns []column, conditions []string, operator string) ([][]string, error) {
	either := strings.EqualFold(operator, "OR")
	if !either && !strings.EqualFold(operator, "AND") {
		return nil, fmt.Errorf("operator %q is neither AND nor OR", operator)
	}
	filters := make([]filter, len(conditions))
	for i, condition := range conditions {
		var err error
		if filters[i], err = parseFilter(condition, columns); err != nil {
			return nil, err
		}
	}
	var kept [][]string
	for _, row := range cells {
		if meets(row, filters, either) {
			kept = append(kept, row)
		}
	}
	return kept, nil
}

func parseFilter(condition string, columns []column) (filter, error) {
	parts := filterForm.FindStringSubmatch(condition)
	if parts == nil {
		return filter{}, fmt.Errorf("expression '%s' incorrect: write COLUMN, one of = != < <= > >= ~, and a value", condition)
	}
	i := columnIndex(columns, parts[1])
	if i < 0 {
		return filter{}, fmt.Errorf("column '%s' not found", parts[1])
	}
	return filter{column: i, op: parts[2], right: parts[3]}, nil
}

func meets(row []string, filters []filter, either bool) bool {
	for _, f := range filters {
		if f.holds(row[f.column]) == either {
			return either
		}
	}
	return !either
}

func (f filter) holds(cell string) bool {
	if f.op == "~" {
		pattern, err := regexp.Compile(f.right)
		return strings.Contains(cell, f.right) || err == nil && pattern.MatchString(cell)
	}
	order := compare(cell, f.right)
	switch f.op {
	case "=":
		return cell == f.right
	case "!=":
		return cell != f.right
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// compare compares numerically if both sides are numbers, so that 9 comes before 10.
func compare(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func columnIndex(columns []column, name string) int {
	for i, c := range columns {
		if strings.EqualFold(c.name, name) {
			return i
		}
	}
	return -1
}
