package locale

import "io/fs"

// Read reads the texts of a folder.
func Read(fsys fs.FS) (map[string]string, error) { return read(fsys, everything) }

// ReadOwn reads the texts that are built in.
func ReadOwn() (map[string]string, error) { return read(files, everything) }
