package evidence

// SetMaxSize makes files rotate early.
func (s *Store) SetMaxSize(n int64) { s.maxSize = n }

// ParseMember lets the fuzz test at the reader of one record.
func ParseMember(b []byte) error {
	r, err := parseMember(b, maxBlock)
	if err != nil {
		return err
	}
	_, err = r.response(maxBlock)
	return err
}

// ParseManifest counts the sound lines and the faults.
func ParseManifest(b []byte) (sound, faults int, end int64) {
	entries, end, wrong := parseManifest(b)
	return len(entries), len(wrong), end
}
