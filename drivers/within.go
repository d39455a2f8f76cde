package drivers

import "path/filepath"

// Within tells whether a path of the front end is one of the folders, or below one.
func Within(path string, dirs []string) bool {
	for _, dir := range dirs {
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
