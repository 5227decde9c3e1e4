package api

import (
	_ "embed"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v3"
)

//go:embed openapi.yaml
var pathsYAML string

//go:embed components.yaml
var componentsYAML string

// openAPI answers with the description of the API.
func openAPI() echo.HandlerFunc {
	doc, err := description()
	return func(c echo.Context) error {
		if err != nil {
			return err
		}
		c.Response().Header().Set("Access-Control-Allow-Origin", "*") // it holds no secret, and tools in browsers read it
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, doc)
	}
}

func description() ([]byte, error) {
	var doc map[string]any
	if err := yaml.Unmarshal([]byte(pathsYAML+componentsYAML), &doc); err != nil {
		return nil, fmt.Errorf("read openapi.yaml and components.yaml: %w", err)
	}
	b, err := json.Marshal(doc, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode the description of the API: %w", err)
	}
	return b, nil
}
