// Package extract turns bytes into documents: what a third party's page says
// ([HTML], [Screen], [Attribute]) and what the paper's own files register
// ([Articles], [Layout], [Segments]).
//
// A page goes through these steps:
//
//  1. [Decode] decides the character set from the bytes. What the page or the
//     server declares is reported and never trusted.
//  2. The markup is thinned to what the parser can hold: see the limits below.
//  3. The kind of page is decided, because an e-paper layout page looks like a
//     readable article to every extraction library.
//  4. The body is the one of three extractions that is most like the other two,
//     and loses lines at its ends that are not text.
//  5. Title, date, source and byline are read by rules for Chinese news pages.
//
// [Screen] takes none of these steps but the first. It scans the bytes of the
// page as they are, decodes only what is visible, and builds no tree. Of sound
// markup it shows the text that the tree would. Where broken markup leaves in
// doubt whether something shows, it shows; of tags mixed at random it loses less
// than one word in a hundred that the tree has.
//
// # Limits
//
// A page is read up to 10 MiB of bytes and 120,000 tags; deeper nesting than
// 100 elements that do not close themselves is flattened; a tag longer than
// 4 KiB keeps only the attributes that are read here. Pages of more than 20,000
// elements or 1 MiB of text are extracted without the two libraries, whose cost
// grows faster than their input. At most 5,000 links are kept; a screen looks at
// 20,000 anchors for them, and has no limit of tags. One file of articles may
// have 64 MiB, one line of JSON 8 MiB. The text of a page past a limit is cut or
// flattened; nothing here panics or recurses without bound.
package extract
