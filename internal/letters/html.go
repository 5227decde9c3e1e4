package letters

import (
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageFile embed.FS

// draftMark stands on every page of a letter that nobody has approved.
const draftMark = "草稿 待律师签署"

// HTML writes the report as one page that needs no other file.
func HTML(w io.Writer, r *Report) error {
	page, err := template.ParseFS(pageFile, "page.html")
	if err != nil {
		return fmt.Errorf("letter template: %w", err)
	}
	data := struct {
		Title, Number, Draft string
		Blocks               []block
	}{Title: printable(r.title()), Number: printable(r.Number), Blocks: compose(r)}
	if r.Draft {
		data.Draft = draftMark
	}
	if err := page.Execute(w, data); err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	return nil
}
