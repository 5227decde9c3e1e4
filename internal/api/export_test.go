package api

// Unmarshal reads a body into v.
func Unmarshal(b []byte, v any) error { return unmarshal(b, v) }

// Record is a record of a batch: its line, and its JSON.
type Record struct {
	Line int
	JSON []byte
}

// Split cuts the body of a batch into records.
func Split(body []byte) ([]Record, error) {
	records, err := split(body)
	var all []Record
	for _, r := range records {
		all = append(all, Record{Line: r.line, JSON: r.json})
	}
	return all, err
}
