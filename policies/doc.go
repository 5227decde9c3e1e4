// Package policies judges a match under the paper's disclaimer and the law.
//
// A [Set] is data: the clauses of the disclaimer, each with the day from which
// it holds; rules in YAML whose conditions are CEL expressions over [Facts] and
// named thresholds, type-checked when loaded; and the texts of letters.
// [Set.Evaluate] takes the facts of one match and returns a [Verdict], which is
// the machine's opinion: only own mirrors, licensed uses and bare links end
// there, everything else waits for a person.
//
// Rules run in the order of their stages. Of the gates the first that holds
// decides. Then the exemptions, of which the first that holds is proposed; a
// hint never decides, it speaks against. The infringement rules accumulate, and
// the most severe names the verdict.
//
// The package does no I/O and never asks what time it is.
package policies
