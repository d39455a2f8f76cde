package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// stretch distributes the terminal's free width over columns: those given by --expand as name
// or name=share, and those that always expand.
func (t *table) stretch(terminal int, named []string) error {
	used := len(t.columns) - 1
	for _, c := range t.columns {
		used += c.width
	}
	shares, err := t.shares(named)
	if err != nil || used >= terminal || len(shares) == 0 {
		return err
	}
	left, last := terminal-used, 0
	remaining := left
	for i := range t.columns {
		share, ok := shares[i]
		if !ok {
			continue
		}
		part := min(int(math.Round(float64(left)*share)), remaining)
		t.columns[i].width += part
		t.columns[i].look &^= adjust
		remaining -= part
		last = i
	}
	t.columns[last].width += remaining
	return nil
}

// shares answers the fraction of the free width for each expanding column: as given, or in
// proportion to its width.
func (t *table) shares(named []string) (map[int]float64, error) {
	shares, total := map[int]float64{}, 0
	for i, c := range t.columns {
		if c.look&expand != 0 {
			shares[i], total = 0, total+c.width
		}
	}
	for _, word := range named {
		name, part, given := strings.Cut(word, "=")
		i := columnIndex(t.columns, name)
		if i < 0 {
			return nil, fmt.Errorf("unknown column %s", name)
		}
		if _, twice := shares[i]; !twice {
			total += t.columns[i].width
		}
		share, err := strconv.ParseFloat(part, 64)
		if given && (err != nil || share < 0 || share > 1) {
			return nil, fmt.Errorf("%s: a share is a number from 0 to 1", word)
		}
		shares[i] = share
	}
	for i, share := range shares {
		if share == 0 {
			shares[i] = float64(t.columns[i].width) / float64(total)
		}
	}
	return shares, nil
}

// resize sets widths, as in --size name=20.
func (t *table) resize(sizes []string) error {
	for _, word := range sizes {
		name, number, _ := strings.Cut(word, "=")
		i := columnIndex(t.columns, name)
		if i < 0 {
			return fmt.Errorf("unknown column %s", name)
		}
		width, err := strconv.Atoi(number)
		if err != nil || width < 1 {
			return fmt.Errorf("%s: write the size as name=20", word)
		}
		t.columns[i].width = width
		t.columns[i].look &^= adjust
	}
	return nil
}
