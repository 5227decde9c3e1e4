// Package letters writes the takedown report of a case in zh-CN: a stand-alone
// HTML page and a PDF, both from one ready Report.
//
// The letter to a publisher (侵权告知函) and the notice to a host or search
// service (侵权通知书) carry the fields that article 14 of the Regulations on
// the Protection of the Right of Communication through Information Networks
// and article 1195 of the Civil Code ask for, laid out after the sample form of
// the National Copyright Administration. A field that is wanted and empty is
// never passed over: Report.Missing names it and the letter shows 【待补：…】 in
// its place.
//
// The package asks no clock and reads no file but its embedded fonts: the same
// Report gives the same bytes.
package letters
