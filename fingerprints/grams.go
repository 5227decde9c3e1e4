package fingerprints

const (
	gramSize = 8 // folded characters
	window   = 8 // grams of which one is selected
)

// hashes appends to list the hash of the gram at every position of a folded
// text: a polynomial over the 64-bit ring, rolled along the text, and mixed at
// the end so that the high bits count too.
func hashes(list []uint64, folded []rune) []uint64 {
	const base = 0x9E3779B97F4A7C15
	var top uint64 = 1
	for range gramSize - 1 {
		top *= base
	}
	var h uint64
	for i, r := range folded {
		if i >= gramSize {
			h -= uint64(folded[i-gramSize]) * top
		}
		h = h*base + uint64(r)
		if i >= gramSize-1 {
			list = append(list, mix(h))
		}
	}
	return list
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}

// winnow appends the smallest hash of every window, the last of equals, once
// for each place: texts that share a run of gramSize+window-1 characters have
// one of its grams selected in both.
func winnow(list, hashes []uint64) []uint64 {
	least, taken := -1, -1
	for i, h := range hashes {
		switch {
		case least < 0 || h <= hashes[least]:
			least = i
		case least <= i-window:
			least = i - window + 1
			for k := least + 1; k <= i; k++ {
				if hashes[k] <= hashes[least] {
					least = k
				}
			}
		}
		if least != taken && (i >= window-1 || i == len(hashes)-1) {
			list, taken = append(list, hashes[least]), least
		}
	}
	return list
}
