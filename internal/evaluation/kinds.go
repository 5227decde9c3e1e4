package evaluation

import (
	"regexp"
	"time"

	"rightsdesk/fingerprints"
)

// Kind is a kind of unrelated pairs that are more alike than others. A pair may
// be of several.
type Kind struct {
	Name         string
	Pairs, Pages int
	// Alarms are the pairs reported, AlarmPages the pages on which they are, Other
	// the pairs without those that are known to share text.
	Alarms, AlarmPages, Other int
}

// sameNames is how many holders of an office two articles both name, to be about
// the same persons.
const sameNames = 3

// kinds names the kinds, in the order of alike.
func kinds() []Kind {
	return []Kind{
		{Name: "of the same day"},
		{Name: "of the week before or after"},
		{Name: "of the same class of topics"},
		{Name: "naming three or more of the same officials"},
		{Name: "under the same recurring headline"},
	}
}

// subject is what kinds are told by.
type subject struct {
	day             time.Time
	class, headline string
	officials       map[string]bool
}

func (d *Data) subjects(list []fingerprints.Article) []subject {
	// The first two characters after an office are a name, or most of one.
	offices := regexp.MustCompile(`(?:总书记|主席|总理|委员长|书记|部长|省长|市长|主任|总统|首相|外长|国王|大使|发言人|秘书长)(\p{Han}{2})`)
	subjects := make([]subject, len(list))
	each(len(list), func(i int) {
		a := list[i]
		s := subject{a.PublishedAt, d.classes[a.ID], string(fingerprints.Fold(a.Title).Folded), map[string]bool{}}
		for _, m := range offices.FindAllStringSubmatch(a.Text, -1) {
			s.officials[m[1]] = true
		}
		subjects[i] = s
	})
	return subjects
}

// alike says of each kind whether two are a pair of it, of which both name so
// many of the same officials.
func (s *subject) alike(o *subject, officials int) []bool {
	apart := s.day.Sub(o.day).Abs()
	dated := !s.day.IsZero() && !o.day.IsZero()
	return []bool{
		dated && apart == 0,
		dated && apart > 0 && apart <= 7*24*time.Hour,
		s.class != "" && s.class == o.class,
		officials >= sameNames,
		s.headline != "" && s.headline == o.headline,
	}
}

// byKind counts the pairs of each kind, and what was reported of them.
func (d *Data) byKind(parts Parts, alarms []Alarm) []Kind {
	pages, registered := d.subjects(parts.Pages), d.subjects(parts.Registered)
	numbers, holders := map[string]int{}, map[string][]int{}
	for k := range registered {
		numbers[parts.Registered[k].ID] = k
		for name := range registered[k].officials {
			holders[name] = append(holders[name], k)
		}
	}
	reported := map[string][]Alarm{}
	for _, a := range alarms {
		if a.Score >= 1 {
			reported[a.Page] = append(reported[a.Page], a)
		}
	}
	list := kinds()
	for i := range pages {
		officials := make([]int, len(registered))
		for name := range pages[i].officials {
			for _, k := range holders[name] {
				officials[k]++
			}
		}
		has := make([]bool, len(list))
		for k := range registered {
			for n, is := range pages[i].alike(&registered[k], officials[k]) {
				if is {
					list[n].Pairs++
					has[n] = true
				}
			}
		}
		hit := make([]bool, len(list))
		for _, a := range reported[parts.Pages[i].ID] {
			k := numbers[a.Article]
			for n, is := range pages[i].alike(&registered[k], officials[k]) {
				if is {
					list[n].count(a)
					hit[n] = true
				}
			}
		}
		for n := range list {
			list[n].Pages += indicator(has[n])
			list[n].AlarmPages += indicator(hit[n])
		}
	}
	return list
}

func (k *Kind) count(a Alarm) {
	k.Alarms++
	k.Other += indicator(!a.Shared)
}

// indicator is 1 for what holds.
//
//nolint:revive // it is the value that is counted, and steers nothing
func indicator(holds bool) int {
	if holds {
		return 1
	}
	return 0
}
