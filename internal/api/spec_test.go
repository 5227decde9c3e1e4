package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/api"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// spec is /openapi.json, as it is served.
type spec struct {
	doc    *openapi3.T
	router routers.Router
}

func load(t *testing.T) *spec {
	t.Helper()
	e := echo.New()
	api.Register(e, api.Options{})
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openapi.json", nil))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("/openapi.json: %d %s", w.Code, w.Body)
	}
	for _, plain := range []string{"application/jsonl", "application/pdf", "application/wacz", "text/html"} {
		openapi3filter.RegisterBodyDecoder(plain, openapi3filter.FileBodyDecoder)
	}
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &spec{doc: doc, router: router}
}

// check holds an answer, and a request that succeeded, against the description.
func (s *spec) check(t *testing.T, r *http.Request, body string, res *http.Response, got []byte) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	again := httptest.NewRequestWithContext(ctx, r.Method, r.URL.RequestURI(), strings.NewReader(body))
	again.Header = r.Header
	route, params, err := s.router.FindRoute(again)
	if err != nil {
		if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s %s is not described: %v", r.Method, r.URL.Path, err)
		}
		return
	}
	input := &openapi3filter.RequestValidationInput{
		Request: again, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true,
			ExcludeReadOnlyValidations: true, SkipSettingDefaults: true,
		},
	}
	// A batch is taken though some of its records are not.
	if res.StatusCode < 300 && (!strings.HasSuffix(r.URL.Path, "/batch") || bytes.Contains(got, []byte(`"failed":0`))) {
		if err := openapi3filter.ValidateRequest(ctx, input); err != nil {
			t.Errorf("%s %s: the request was taken and is not as described: %v", r.Method, r.URL, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: res.StatusCode, Header: res.Header, Options: input.Options,
		Body: io.NopCloser(bytes.NewReader(got)),
	}
	if err := openapi3filter.ValidateResponse(ctx, out); err != nil {
		t.Errorf("%s %s: the answer %d is not as described: %v\n%.2000s", r.Method, r.URL, res.StatusCode, err, got)
	}
}

func TestSpecIsValid(t *testing.T) {
	s := load(t)
	if !s.doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s", s.doc.OpenAPI)
	}
	if err := s.doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSpecHasEveryRoute compares the routes with the paths, both ways.
func TestSpecHasEveryRoute(t *testing.T) {
	e := echo.New()
	api.Register(e, api.Options{})
	var served, described []string
	param := regexp.MustCompile(`:(\w+)`)
	for _, r := range e.Routes() {
		if strings.HasPrefix(r.Path, "/v1/") && r.Method != echo.RouteNotFound {
			served = append(served, r.Method+" "+param.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	for path, item := range load(t).doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("routes (-served +described):\n%s", diff)
	}
}

// TestSchemasNameEveryField compares the schemas with the types behind them, so
// that a field that is new, or gone, is found before anybody meets it.
func TestSchemasNameEveryField(t *testing.T) {
	schemas := load(t).doc.Components.Schemas
	for name, typ := range map[string]reflect.Type{
		"User": reflect.TypeFor[rights.User](), "ArticleFields": reflect.TypeFor[rights.Article](), "Segment": reflect.TypeFor[rights.Segment](),
		"Reservation": reflect.TypeFor[rights.Reservation](), "SegmentInput": reflect.TypeFor[catalog.Segment](),
		"OperatorFields": reflect.TypeFor[rights.Operator](), "SourceFields": reflect.TypeFor[rights.Source](),
		"Sweep": reflect.TypeFor[rights.Sweep](), "Page": reflect.TypeFor[rights.Page](), "Match": reflect.TypeFor[rights.Match](),
		"Found": reflect.TypeFor[fingerprints.Match](), "Passage": reflect.TypeFor[fingerprints.Passage](),
		"Capture": reflect.TypeFor[rights.Capture](), "Attribution": reflect.TypeFor[rights.Attribution](),
		"Evidence": reflect.TypeFor[rights.Evidence](), "Facts": reflect.TypeFor[policies.Facts](),
		"Verdict": reflect.TypeFor[policies.Verdict](), "Finding": reflect.TypeFor[policies.Finding](),
		"Question": reflect.TypeFor[policies.Question](), "Case": reflect.TypeFor[rights.Case](), "Act": reflect.TypeFor[rights.Act](),
		"Answer": reflect.TypeFor[rights.Answer](), "Sending": reflect.TypeFor[rights.Sending](),
		"CaseMove": reflect.TypeFor[casework.Move](), "CaseFile": reflect.TypeFor[casework.File](),
		"StandingFault": reflect.TypeFor[casework.StandingFault](), "Step": reflect.TypeFor[casework.Step](),
		"Report": reflect.TypeFor[rights.Report](), "Claim": reflect.TypeFor[rights.Claim](), "Claimant": reflect.TypeFor[rights.Claimant](),
		"ClaimWork": reflect.TypeFor[rights.ClaimWork](), "Proof": reflect.TypeFor[rights.Proof](),
		"Dossier": reflect.TypeFor[claims.Dossier](), "ClaimStep": reflect.TypeFor[rights.ClaimMove](),
		"ClaimMove": reflect.TypeFor[claims.Move](), "Event": reflect.TypeFor[rights.Event](), "Field": reflect.TypeFor[rights.Field](),
	} {
		schema := schemas[name]
		if schema == nil {
			t.Errorf("there is no schema %s", name)
			continue
		}
		var want, got []string
		for f := range typ.Fields() {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && tag != "-" {
				want = append(want, tag)
			}
		}
		for property := range schema.Value.Properties {
			got = append(got, property)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-type +schema):\n%s", name, diff)
		}
	}
}
