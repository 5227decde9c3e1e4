package main

import (
	"context"
	"testing"
)

// rewordedRoad: the reviewer sees which pieces of an article a page kept that
// tells it in other words, in Chinese and in English.
func rewordedRoad(t *testing.T, chromium context.Context, d demoService) {
	reviewer := sit(t, chromium, "rewording", desktop())
	reviewer.open(d.reviewer)
	reviewer.openCase("磨废十四根缝衣针的人")
	reviewer.reads("疑似改写", "但没有成段相同的文字", "疑似换一种说法重述是", "修表匠老周的最后一间铺子")
	reviewer.until(`["ours", "theirs"].every(side => document.querySelectorAll(".text[data-side=" + side + "] a.copied").length > 50)`)
	reviewer.missing(`.changed, .missing, .added, .changes`)
	reviewer.shoot("zh")
	reviewer.leave(`.langs [lang=en]`)
	reviewer.reads("Possibly reworded", "but no text at length")
	reviewer.shoot("en")
}
