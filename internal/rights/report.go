package rights

import "time"

// Report is a takedown report that was written for a case.
type Report struct {
	ID        int64     `json:"id"`
	CaseID    string    `json:"case_id"`
	CreatedAt time.Time `json:"created_at"`
	By        string    `json:"by"`
	Draft     bool      `json:"draft"`
	Title     string    `json:"title"`
	HTMLFile  string    `json:"html_file"` // relative to the data folder
	HTMLSHA   string    `json:"html_sha256"`
	PDFFile   string    `json:"pdf_file"`
	PDFSHA    string    `json:"pdf_sha256"`
	Missing   []string  `json:"missing,omitempty"` // fields the law wants that are not known
	Undrawn   string    `json:"undrawn,omitempty"` // characters that no embedded font draws
}
