package casework

// FactText says a fact or threshold in Chinese.
func FactText(name string, v any) string { return factText(name, v) }
