package attr

import "slices"

// Add adds an attribute after those with the same name.
func (t *Template) Add(a Attr) {
	if a.IsVector {
		a = NewVector(a.Name, a.Vector...)
	} else {
		a = NewSingle(a.Name, a.Value)
	}
	t.insert(a)
}

// Move moves all attributes with a name from another template to this one, after those with the
// same name.
func (t *Template) Move(from *Template, name string) {
	moved := from.Named(name).Clone()
	if len(moved) == 0 {
		return
	}
	from.Del(name)
	_, at := t.span(name)
	*t = slices.Insert(*t, at, moved...)
}

// insert is Add for an attribute whose pairs are sorted already.
func (t *Template) insert(a Attr) {
	if n := len(*t); n == 0 || (*t)[n-1].Name <= a.Name {
		*t = append(*t, a)
		return
	}
	_, at := t.span(a.Name)
	*t = slices.Insert(*t, at, a)
}

// Set replaces all attributes with a name by a single one.
func (t *Template) Set(name, value string) { t.put(NewSingle(name, value)) }

// SetVector replaces all attributes with a name by a vector.
func (t *Template) SetVector(name string, pairs ...Pair) { t.put(NewVector(name, pairs...)) }

// put replaces all attributes with the name of a by a.
func (t *Template) put(a Attr) {
	from, to := t.span(a.Name)
	*t = slices.Replace(*t, from, to, a)
}

// Del removes all attributes with a name and returns how many there were.
func (t *Template) Del(name string) int {
	from, to := t.span(name)
	*t = slices.Delete(*t, from, to)
	return to - from
}

// DelFunc removes the attributes for which drop returns true, and returns how many there were.
func (t *Template) DelFunc(drop func(*Attr) bool) int {
	kept := (*t)[:0]
	for i := range *t {
		if a := &(*t)[i]; !drop(a) {
			kept = append(kept, *a)
		}
	}
	n := len(*t) - len(kept)
	clear((*t)[len(kept):])
	*t = kept
	return n
}

// Merge is the update with append: the attributes of from replace all those with the same
// names. An empty vector in from removes its name.
func (t *Template) Merge(from Template) {
	rest := *t
	merged := make(Template, 0, len(rest)+len(from))
	for i := range from {
		before, behind := rest.span(from[i].Name)
		merged = append(merged, rest[:before]...)
		rest = rest[behind:]
		if !from[i].IsVector || len(from[i].Vector) > 0 {
			merged = append(merged, from[i].Clone())
		}
	}
	*t = append(merged, rest...)
}

// KeepLast keeps only the last attribute of each name, as oned does for images, users and
// clusters.
func (t *Template) KeepLast() {
	all := *t
	kept := all[:0]
	for i := range all {
		if i+1 == len(all) || all[i].Name != all[i+1].Name {
			kept = append(kept, all[i])
		}
	}
	clear(all[len(kept):])
	*t = kept
}
