package extract

// traits say how an element is treated when the visible text is read.
type traits uint32

const (
	breaks   traits = 1 << iota // begins and ends a line
	hides                       // a browser shows nothing of it
	empty                       // has no content and no end tag
	verbatim                    // its content is no markup
	heading                     // may hold the headline
	labelled                    // may hold the headline where its class or id says so
	anchor                      // is a link
	outer                       // its end tag also ends what is still open within
	alien                       // its content is no HTML
	island                      // HTML within foreign content
	returns                     // ends foreign content that it stands in
	para                        // a paragraph
	item                        // an item of a list
	list
	term // a term of a list or its description
	terms
	choice // an option
	cell
	row
	rows // a group of rows
	grid
	control  // a field, which no selection can hold
	picker   // a selection
	inert    // a template
	headline // one of six ranks
)

const tablePart = cell | row | rows | grid

// is reports whether any of the traits in set are there.
func (t traits) is(set traits) bool { return t&set != 0 }

// traitsOf returns what is known of an element by its name in lower case.
//
//nolint:funlen // a table
func traitsOf(name string) traits {
	const block = breaks | outer
	switch name {
	case "div":
		return block | labelled | returns
	case "p":
		return block | labelled | para | returns
	case "span":
		return labelled | returns
	case "a":
		return anchor
	case "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "sub", "sup", "var", "ruby":
		return returns
	case "br":
		return breaks | empty | returns
	case "hr":
		return block | empty | returns
	case "img", "embed", "meta":
		return empty | returns
	case "area":
		return empty | anchor
	case "input":
		return empty | control
	case "base", "col", "link", "param", "source", "track", "wbr":
		return empty
	case "script", "style", "noscript", "iframe", "noembed", "noframes", "title":
		return verbatim | hides
	case "textarea":
		return verbatim | hides | control
	case "xmp", "plaintext":
		return verbatim
	case "svg", "math":
		return hides | alien
	case "foreignobject", "desc", "annotation-xml":
		return island
	case "template":
		return hides | inert
	case "audio", "video", "canvas":
		return hides
	case "object":
		return hides | outer
	case "select":
		return hides | outer | picker | control
	case "option":
		return breaks | hides | choice
	case "h1", "h2", "h3", "h4":
		return block | heading | headline | returns
	case "td":
		return block | heading | cell
	case "th":
		return block | cell
	case "caption":
		return block | cell
	case "tr":
		return block | row
	case "tbody", "thead", "tfoot":
		return block | rows
	case "table":
		return block | grid | returns
	case "li":
		return block | item | returns
	case "ul", "ol":
		return block | list | returns
	case "dd", "dt":
		return block | term | returns
	case "dl":
		return block | terms | returns
	case "h5", "h6":
		return block | headline | returns
	case "blockquote", "center", "pre":
		return block | returns
	case "address", "article", "aside", "fieldset", "figcaption", "figure", "footer", "form", "header", "main", "nav", "section":
		return block
	case "body":
		return breaks | returns
	case "html":
		return breaks
	case "founder-title":
		return breaks | heading
	case "founder-content", "founder-subtitle", "founder-author":
		return breaks
	case "head":
		return returns
	case "listing", "menu":
		return outer | returns
	case "button", "details", "dir", "summary":
		return outer
	}
	return 0
}
