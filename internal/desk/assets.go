package desk

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed assets/desk.css
var styleFile []byte

//go:embed assets/desk.js
var scriptFile []byte

// asset is a file whose path changes with its content.
type asset struct {
	path, mediaType string
	content         []byte
}

type assets struct{ css, js asset }

func loadAssets() assets {
	return assets{
		css: asset{path: "/assets/desk-" + hashed(styleFile) + ".css", mediaType: "text/css; charset=utf-8", content: styleFile},
		js:  asset{path: "/assets/desk-" + hashed(scriptFile) + ".js", mediaType: "text/javascript; charset=utf-8", content: scriptFile},
	}
}

func hashed(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

func (a assets) register(e *echo.Echo) {
	for _, f := range []asset{a.css, a.js} {
		e.GET(f.path, func(c echo.Context) error {
			c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			return c.Blob(http.StatusOK, f.mediaType, f.content)
		})
	}
}
