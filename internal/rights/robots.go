package rights

// Robots is the robots.txt that allowed a look, in the state in which it was
// first seen. A status outside 2xx means that there was none.
type Robots struct {
	URL      string   `json:"url"`
	Status   int      `json:"status"`
	SHA256   string   `json:"sha256"` // of the file, hex
	Evidence Evidence `json:"evidence"`
}
